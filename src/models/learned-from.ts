/**
 * What is known of the images that a model has learned from: so that nobody judges it by them unaware.
 *
 * Knows: plain data. How names become hashes, and which images belong to which split, is in `dataset/`.
 */

import { XrayError } from "../errors.ts";

/**
 * What is known of a training and ChestX-ray14: a published split of it by patient (of `chexnet-test`, which images were for
 * testing, and no more), one that is not published, or that none of its images took part.
 */
const KNOWN_SPLITS = ["official", "chexnet", "chexnet-test", "unpublished", "none"] as const;

export type KnownSplit = (typeof KNOWN_SPLITS)[number];

/** One training: of the model, or of the one that it started from. */
export interface LearnedFrom {
  /** The data set, in words. */
  readonly dataset: string;
  /** Set where it is known whether its images are ChestX-ray14's: by which split they were divided, or that they are not. */
  readonly split?: KnownSplit;
  /** Names of the images that it was trained on, and of those that chose its epoch and thresholds: packed hashes. */
  readonly training?: string;
  readonly validation?: string;
}

function invalid(problem: string): XrayError {
  return new XrayError("card/invalid", `its model card is not valid: ${problem}`, {});
}

/** Packed hashes of names (`dataset/image-hashes.ts`). Throws `card/invalid`. */
export function parsePacked(value: unknown): string {
  if (typeof value !== "string" || !/^[A-Za-z0-9+/]*={0,2}$/.test(value))
    throw invalid("packed names of images are no base64");
  return value;
}

function parseEntry(value: unknown): LearnedFrom {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw invalid("an entry of learnedFrom is no object");
  const { dataset, split, training, validation } = value as Record<string, unknown>;
  if (typeof dataset !== "string") throw invalid("an entry of learnedFrom names no dataset");
  const known = KNOWN_SPLITS.find((name) => name === split);
  if (split !== undefined && known === undefined)
    throw invalid(`learnedFrom: a split is one of ${KNOWN_SPLITS.join(", ")}`);
  return {
    dataset,
    ...(known === undefined ? {} : { split: known }),
    ...(training === undefined ? {} : { training: parsePacked(training) }),
    ...(validation === undefined ? {} : { validation: parsePacked(validation) }),
  };
}

/** Check what a card says. Throws `card/invalid`. */
export function parseLearnedFrom(value: unknown): readonly LearnedFrom[] {
  if (!Array.isArray(value)) throw invalid("learnedFrom must be a list");
  return value.map(parseEntry);
}
