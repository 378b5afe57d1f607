/**
 * What became whole numbers in a model, and what that costs, as its card says it.
 *
 * Knows: plain data.
 */

import { about, anyWords, between, list, maybe, type Of, object, text, whole } from "../schema/schema.ts";

/** The same images through both networks. */
const COMPARED = object({
  images: about("Number of images.", whole(1)),
  auroc: maybe(
    about(
      "Mean AUROC over the findings of which there are images with and without, if the images have labels.",
      object({
        float32: between(0, 1),
        int8: between(0, 1),
        largestDrop: about("The most that a finding loses; negative if all gain.", between(-1, 1)),
      }),
    ),
  ),
  meanDifference: about(
    "Mean difference of probabilities between the two, over images and labels.",
    between(0, 1),
  ),
  largestDifference: about("The largest of these differences.", between(0, 1)),
});

/** The card's field `quantised`. */
export const CARD_QUANTISED = object({
  description: about("What the codes are, and how they were chosen, in words.", anyWords()),
  float32: about("The layers that stayed float32.", list(text())),
  data: about("On which images the ranges were measured, in words.", anyWords()),
  images: about("How many these are.", whole(1)),
  calibration: about("The cost on these images.", COMPARED),
  heldOut: maybe(about("The cost on images that took no part in choosing ranges.", COMPARED)),
});

/** What became int8 in a model, and what that costs in probabilities and, where images have labels, in AUROC. */
export type CardQuantised = Of<typeof CARD_QUANTISED>;

/** The cost on some images. */
export type ComparedOutputs = CardQuantised["calibration"];
