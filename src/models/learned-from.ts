/**
 * What is known about the images that a model has learned from, so that nobody evaluates it on them unawares.
 *
 * Knows: plain data. `dataset/` knows how names become hashes, and which images belong to which split.
 */

import { about, base64, maybe, type Of, object, oneOf, text } from "../schema/schema.ts";

/**
 * How a training used ChestX-ray14: by a published split by patient (for `chexnet-test`, only the test images are
 * known), by an unpublished split, or not at all.
 */
const KNOWN_SPLITS = ["official", "chexnet", "chexnet-test", "unpublished", "none"] as const;

export type KnownSplit = (typeof KNOWN_SPLITS)[number];

/** One training, of the model itself or of one that it started from. */
export const LEARNED_FROM = object({
  dataset: about("The name of the data set, or the names of several.", text()),
  split: maybe(
    about(
      "How the training used ChestX-ray14: by which split its images were divided, or `none` if it did not use them. Set only if this is known.",
      oneOf(KNOWN_SPLITS),
    ),
  ),
  training: maybe(about("Packed hashes of the names of the images it was trained on.", base64())),
  validation: maybe(
    about("Packed hashes of the names of the images used to choose its epoch and thresholds.", base64()),
  ),
});

export type LearnedFrom = Of<typeof LEARNED_FROM>;
