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
import type { OpenModel } from "../../engine/open-model.ts";
import { predictionsPath } from "../../node/cache.ts";
import { NoteFile } from "../../node/note-file.ts";
import { type RecordKind, RecordStore } from "../../node/record-store.ts";
import { type ImageFile, keyIn, type Stamp, stampOf } from "../data/image-file.ts";

/** Part of every cache's key. Raise it when the same model would give other numbers. */
const FORMAT = "medical-x/predictions@2";

const KIND: RecordKind = { name: "predictions", without: "evaluate without it" };

/** What a model predicts for one image, in the order of its labels. */
export interface Scores {
  readonly probabilities: Float32Array;
  readonly logits: Float32Array;
}

/** A model's predictions for some images, on disk. */
export class PredictionCache {
  readonly #store: RecordStore;
  readonly #notes: NoteFile;
  readonly #labels: number;
  /** One per image. */
  readonly #stamps: readonly Stamp[];

  private constructor(store: RecordStore, notes: NoteFile, labels: number, stamps: readonly Stamp[]) {
    this.#store = store;
    this.#notes = notes;
    this.#labels = labels;
    this.#stamps = stamps;
  }

  /**
   * Open the cache of a model.
   *
   * @param settings  Everything else that affects the numbers.
   * @param images    All images of the run; later calls refer to them by index.
   * @throws          XrayError `file/not-accessible`, `predictions/no-space`.
   */
  static async open(
    model: OpenModel,
    settings: { readonly device: string; readonly batchSize: number },
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
    const store = new RecordStore(predictionsPath(key), 2 * labels.length, KIND);
    store.checkSpace(images.length);
    return new PredictionCache(store, new NoteFile(predictionsPath(key)), labels.length, stamps);
  }

  #key(image: number): string {
    return keyIn(this.#store, this.#stamps[image]!);
  }

  has(image: number): boolean {
    return this.#store.has(this.#key(image));
  }

  /** Read an image's scores. Throws XrayError `predictions/damaged`. */
  read(image: number): Scores {
    const record = new Float32Array(2 * this.#labels);
    this.#store.read(this.#key(image), record);
    return { probabilities: record.subarray(0, this.#labels), logits: record.subarray(this.#labels) };
  }

  /** The notes on how an image was read. */
  notesOf(image: number): readonly string[] {
    return this.#notes.of(this.#key(image));
  }

  /** Store an image's scores and notes unless they are already stored. Throws XrayError `file/not-accessible`. */
  keep(image: number, { probabilities, logits }: Scores, notes: readonly string[]): void {
    const key = this.#key(image);
    this.#notes.keep(key, notes);
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
