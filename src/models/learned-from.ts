/**
 * What is known of the images that a model has learned from: so that nobody judges it by them unaware.
 *
 * Knows: plain data. How names become hashes, and which images belong to which split, is in `dataset/`.
 */

import { XrayError } from "../errors.ts";

/** Splits of ChestX-ray14 by patient: two that are published, and those of which only the data set is known. */
export const NIH_SPLITS = ["official", "chexnet", "unpublished"] as const;

export type KnownSplit = (typeof NIH_SPLITS)[number];

/** One training: of the model, or of the one that it started from. */
export interface LearnedFrom {
  /** The data set, in words. */
  readonly dataset: string;
  /** Set where its images are ChestX-ray14's: by which split they were divided. */
  readonly split?: KnownSplit;
  /** Names of the images that it was trained on, and of those that chose its epoch and thresholds: packed hashes. */
  readonly training?: string;
  readonly validation?: string;
}

function invalid(problem: string): XrayError {
  return new XrayError("card/invalid", `its model card is not valid: ${problem}`, {});
}

function parseEntry(value: unknown): LearnedFrom {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw invalid("an entry of learnedFrom is no object");
  const { dataset, split, training, validation } = value as Record<string, unknown>;
  if (typeof dataset !== "string") throw invalid("an entry of learnedFrom names no dataset");
  const known = NIH_SPLITS.find((name) => name === split);
  if (split !== undefined && known === undefined)
    throw invalid(`learnedFrom: a split is one of ${NIH_SPLITS.join(", ")}`);
  for (const names of [training, validation]) {
    if (names !== undefined && (typeof names !== "string" || !/^[A-Za-z0-9+/]*={0,2}$/.test(names)))
      throw invalid("learnedFrom: packed names are no base64");
  }
  return {
    dataset,
    ...(known === undefined ? {} : { split: known }),
    ...(training === undefined ? {} : { training: training as string }),
    ...(validation === undefined ? {} : { validation: validation as string }),
  };
}

/** Check what a card says. Throws `card/invalid`. */
export function parseLearnedFrom(value: unknown): readonly LearnedFrom[] {
  if (!Array.isArray(value)) throw invalid("learnedFrom must be a list");
  return value.map(parseEntry);
}
