/**
 * Runs a model on a data folder's images: scores for all of them, and maps for those with boxes.
 *
 * Pipeline:   images → cache, or **model → scores**; maps → localisation
 * Knows:      open models and files. Not labels or metrics.
 */

import { type Check, warnings } from "../../checks/check.ts";
import { readingOf } from "../../engine/model.ts";
import type { OpenModel } from "../../engine/open-model.ts";
import type { ImageSource } from "../../engine/ports.ts";
import { DEFAULT_BATCH, predictImages } from "../../engine/predict.ts";
import { PreparedQueue } from "../../engine/prepared-queue.ts";
import { isRefusal } from "../../engine/refused.ts";
import { XrayError } from "../../errors.ts";
import type { VoiChoice } from "../../image/prepare.ts";
import { ImagePool } from "../../node/image-pool.ts";
import { count, counted } from "../../text.ts";
import { CheckNotes } from "../data/check-notes.ts";
import type { ImageFile } from "../data/image-file.ts";
import { ImageNotes } from "../data/image-notes.ts";
import type { Localiser } from "./localise.ts";
import { PredictionCache, type Scores } from "./prediction-cache.ts";

/** Callbacks while a model predicts. */
export interface FolderHooks {
  readonly onProgress?: (done: number, total: number) => void;
  /** Called for an image that could not be predicted, which is left out. */
  readonly onFailure?: (error: XrayError) => void;
  /** Called after each image to ask whether to stop early. */
  readonly isStopping?: () => boolean;
}

/** How to predict a folder. */
interface FolderOptions {
  readonly device?: string;
  readonly batchSize?: number;
  /** Whether to keep scores on disk, and to take them from there. */
  readonly isCached: boolean;
  /** How the stored values of DICOM files become grey levels. */
  readonly voi?: VoiChoice;
  /** Whether to predict images that an input check refuses. */
  readonly force?: boolean;
  /** Examines maps. Without it, none are computed. */
  readonly localiser?: Localiser | undefined;
}

/** Scores of the images that could be read. */
interface FolderScores {
  /** Their indices among the requested images, ascending. */
  readonly done: readonly number[];
  /** For each of the model's labels, one per image of `done`. */
  readonly probabilities: readonly Float32Array[];
  readonly logits: readonly Float32Array[];
  /** Number of images that an input check refused. */
  readonly refused: number;
  /** Notes on how images were read and on what checks say about them, one line per kind of note and per check. */
  readonly notes: readonly string[];
}

/** The images that must go through the model: those with boxes, and all images of batches that are not in the cache. */
function missing(
  images: readonly ImageFile[],
  batchSize: number,
  cache: PredictionCache | undefined,
  localiser: Localiser | undefined,
): number[] {
  const wanted: number[] = [];
  for (let from = 0; from < images.length; from += batchSize) {
    const batch = Array.from({ length: Math.min(batchSize, images.length - from) }, (_, i) => from + i);
    const isThere = (i: number) =>
      cache?.has(i) === true && (localiser?.wanted(images[i]!.name).length ?? 0) === 0;
    if (!batch.every(isThere)) wanted.push(...batch);
  }
  return wanted;
}

function stopped(done: number, total: number, isCached: boolean): XrayError {
  const rest = isCached
    ? "the same call resumes from there"
    : "nothing was kept, because the prediction cache is off";
  return new XrayError(
    "evaluation/interrupted",
    `interrupted after ${count(done)} of ${counted(total, "image")}; ${rest}`,
    {
      done,
      total,
    },
  );
}

/**
 * Predict images.
 *
 * @param model  Opened with a heatmap method if there is a localiser. Not released.
 * @throws       XrayError `evaluation/interrupted`, `predictions/…`, `file/…`, and whatever the localiser throws.
 */
export async function predictFolder(
  model: OpenModel,
  images: readonly ImageFile[],
  { device = "cpu", batchSize = DEFAULT_BATCH, isCached, voi, force = false, localiser }: FolderOptions,
  hooks: FolderHooks = {},
): Promise<FolderScores> {
  const settings = {
    device,
    batchSize,
    ...(voi === undefined || voi === "default" ? {} : { voi }),
    ...(force ? { force } : {}),
  };
  const cache = isCached ? await PredictionCache.open(model, settings, images) : undefined;
  const todo = missing(images, batchSize, cache, localiser);
  const scores = new Map<number, Scores>();
  const read = new Map<number, { readonly notes: readonly string[]; readonly checks: readonly Check[] }>();
  const failed = new Set<number>();
  let refused = 0;
  const before = images.length - todo.length;
  const pool = new ImagePool(todo.length);
  try {
    pool.usePreparation(model.card.preparation);
    const queue = new PreparedQueue(
      pool,
      todo.map((i) => images[i]!.path),
      readingOf({ ...(voi === undefined ? {} : { voi }) }),
    );
    // No file has two names in a data set.
    const names = new Map(images.map(({ path, name }) => [path, name]));
    const ownMapsOf = (source: ImageSource): readonly number[] =>
      localiser?.wanted(names.get(String(source))!) ?? [];
    let at = 0;
    for await (const outcome of predictImages(model, queue, { batchSize, ownMapsOf, force })) {
      const image = todo[at++]!;
      if ("error" in outcome) {
        failed.add(image);
        if (isRefusal(outcome.error)) refused += 1;
        hooks.onFailure?.(outcome.error);
      } else {
        const { probabilities, logits, prepared, checks } = outcome;
        read.set(image, { notes: prepared.notes, checks: warnings(checks) });
        cache?.keep(image, outcome);
        if (cache === undefined) scores.set(image, { probabilities, logits });
        localiser?.add(images[image]!, outcome);
      }
      hooks.onProgress?.(before + at, images.length);
      if (hooks.isStopping?.() === true && at < todo.length)
        throw stopped(before + at, images.length, isCached);
    }
    const found = gathered(images.length, model.card.labels.length, (image) =>
      failed.has(image) ? undefined : (scores.get(image) ?? cache?.read(image)),
    );
    const [notes, checks] = [new ImageNotes(), new CheckNotes()];
    for (const image of found.done) {
      const own = read.get(image);
      notes.add(own?.notes ?? cache?.notesOf(image) ?? []);
      checks.add(own?.checks ?? cache?.warningsOf(image) ?? []);
    }
    return { ...found, refused, notes: [...notes.lines(), ...checks.lines()] };
  } finally {
    await pool.close();
    cache?.close();
  }
}

/** Scores by label. */
function gathered(
  images: number,
  labels: number,
  scoresOf: (image: number) => Scores | undefined,
): Omit<FolderScores, "notes" | "refused"> {
  const columns = () => Array.from({ length: labels }, () => new Float32Array(images));
  const [probabilities, logits, done] = [columns(), columns(), [] as number[]];
  for (let image = 0; image < images; image++) {
    const scores = scoresOf(image);
    if (scores === undefined) continue;
    for (let label = 0; label < labels; label++) {
      probabilities[label]![done.length] = scores.probabilities[label]!;
      logits[label]![done.length] = scores.logits[label]!;
    }
    done.push(image);
  }
  const cut = (values: Float32Array) => values.subarray(0, done.length);
  return { done, probabilities: probabilities.map(cut), logits: logits.map(cut) };
}
