/**
 * What is known of the images that a model has learned from: so that nobody judges it by them unaware.
 *
 * Knows: plain data. How names become hashes, and which images belong to which split, is in `dataset/`.
 */

import { about, base64, maybe, type Of, object, oneOf, text } from "../schema/schema.ts";

/**
 * What is known of a training and ChestX-ray14: a published split of it by patient (of `chexnet-test`, which images were for
 * testing, and no more), one that is not published, or that none of its images took part.
 */
const KNOWN_SPLITS = ["official", "chexnet", "chexnet-test", "unpublished", "none"] as const;

export type KnownSplit = (typeof KNOWN_SPLITS)[number];

/** One training: of the model, or of the one that it started from. */
export const LEARNED_FROM = object({
  dataset: about("The data set, in words.", text()),
  split: maybe(
    about(
      "Set where it is known whether its images are ChestX-ray14's: by which split they were divided, or that they are not.",
      oneOf(KNOWN_SPLITS),
    ),
  ),
  training: maybe(about("Names of the images that it was trained on: packed hashes.", base64())),
  validation: maybe(
    about("Names of the images that chose its epoch and thresholds: packed hashes.", base64()),
  ),
});

export type LearnedFrom = Of<typeof LEARNED_FROM>;
