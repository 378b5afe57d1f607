/**
 * A cache of predictions, so that an interrupted evaluation can resume, and another one of the same model takes no
 * time.
 *
 * Images are predicted in batches, and a batch comes from the cache either completely or not at all. So a resumed
 * evaluation has the same numbers, to the last bit, as one that was never interrupted.
 *
 * Knows:      the cache's folder. Not what predictions are for.
 */

import { createHash } from "node:crypto";
import { join } from "node:path";
import { CHECK_NAMES, CHECK_OUTCOMES, type Check, warnings } from "../../checks/check.ts";
import type { OpenModel } from "../../engine/open-model.ts";
import type { Prediction } from "../../engine/predict.ts";
import type { VoiChoice } from "../../image/prepare.ts";
import { predictionsPath } from "../../node/cache.ts";
import { NoteFile } from "../../node/note-file.ts";
import { type RecordKind, RecordStore } from "../../node/record-store.ts";
import { SideFile } from "../../node/side-file.ts";
import { type ImageFile, stampOf } from "../data/image-file.ts";

/** Part of every cache's key. Raise it when the same model would give other numbers, or the checks other warnings. */
const FORMAT = "medical-x/predictions@4";

const KIND: RecordKind = { name: "predictions", without: "evaluate without it" };

/** What a model predicts for one image, in the order of its labels. */
export interface Scores {
  readonly probabilities: Float32Array;
  readonly logits: Float32Array;
}

/** How a model predicts: everything but the model that affects which images are kept, and their numbers. */
interface CacheSettings {
  readonly device: string;
  readonly batchSize: number;
  /** How the stored values of DICOM files become grey levels; absent for the default. */
  readonly voi?: VoiChoice;
  /** Present if images were predicted that a check refuses, so that they are in the same batches as others. */
  readonly force?: true;
}

/** A check as it is kept. */
function checkOf(value: unknown): Check | undefined {
  const { check, outcome, reason } = (value ?? {}) as Partial<Check>;
  const isKnown = CHECK_NAMES.includes(check!) && CHECK_OUTCOMES.includes(outcome!);
  return isKnown && typeof reason === "string" ? { check: check!, outcome: outcome!, reason } : undefined;
}

/** What is stored of a prediction. */
type Kept = Pick<Prediction, "probabilities" | "logits" | "checks"> & {
  readonly prepared: Pick<Prediction["prepared"], "notes">;
};

/** A model's predictions for some images, on disk. */
export class PredictionCache {
  readonly #store: RecordStore;
  readonly #notes: NoteFile;
  readonly #checks: SideFile<Check>;
  readonly #labels: number;
  /** One per image. */
  readonly #keys: readonly string[];

  private constructor(folder: string, labels: number, keys: readonly string[]) {
    this.#store = new RecordStore(folder, 2 * labels, KIND);
    this.#notes = new NoteFile(folder);
    this.#checks = new SideFile(join(folder, "checks.ndjson"), checkOf);
    this.#labels = labels;
    this.#keys = keys;
  }

  /**
   * Open the cache of a model.
   *
   * @param images    All images of the run; later calls refer to them by index.
   * @throws          XrayError `file/not-accessible`, `predictions/no-space`.
   */
  static async open(
    model: OpenModel,
    settings: CacheSettings,
    images: readonly ImageFile[],
  ): Promise<PredictionCache> {
    const { labels, preparation, activation } = model.card;
    const what = [
      FORMAT,
      await model.sha256(),
      model.weightKind,
      model.outputs,
      preparation,
      activation,
      settings,
    ];
    const key = createHash("sha256").update(JSON.stringify(what)).digest("hex").slice(0, 40);
    const stamps = await Promise.all(images.map(stampOf));
    const cache = new PredictionCache(
      predictionsPath(key),
      labels.length,
      stamps.map(({ file }) => file),
    );
    cache.#store.checkSpace(images.length);
    return cache;
  }

  has(image: number): boolean {
    return this.#store.has(this.#keys[image]!);
  }

  /** Read an image's scores. Throws XrayError `predictions/damaged`. */
  read(image: number): Scores {
    const record = new Float32Array(2 * this.#labels);
    this.#store.read(this.#keys[image]!, record);
    return { probabilities: record.subarray(0, this.#labels), logits: record.subarray(this.#labels) };
  }

  /** The notes on how an image was read. */
  notesOf(image: number): readonly string[] {
    return this.#notes.of(this.#keys[image]!);
  }

  /** The checks that warned about an image. The others are not kept. */
  warningsOf(image: number): readonly Check[] {
    return this.#checks.of(this.#keys[image]!);
  }

  /**
   * Store an image's scores, notes and warnings unless they are already stored. Throws XrayError `file/not-accessible`.
   */
  keep(image: number, { probabilities, logits, prepared, checks }: Kept): void {
    const key = this.#keys[image]!;
    this.#notes.keep(key, prepared.notes);
    this.#checks.keep(
      key,
      warnings(checks).map(({ check, outcome, reason }) => ({ check, outcome, reason })),
    );
    if (this.#store.has(key)) return;
    const record = new Float32Array(2 * this.#labels);
    record.set(probabilities);
    record.set(logits, this.#labels);
    this.#store.append(key, record);
  }

  close(): void {
    this.#store.close();
  }
}
