/**
 * The calibration that a model carries: a function for each of its findings, and what is known of the fit.
 *
 * Knows: plain data. It is part of a model's card.
 */

import { about, anyWords, base64, byName, maybe, type Of, object } from "../schema/schema.ts";
import { CALIBRATION } from "./calibration.ts";

/** What makes probabilities of logits that come true as often as they say. */
export const MODEL_CALIBRATION = object({
  description: about("How it was fitted and on what, in words.", anyWords()),
  findings: about("By label; findings that could not be calibrated are absent.", byName(CALIBRATION)),
  fittedTo: maybe(about("Packed hashes of the names of the images that it was fitted to.", base64())),
});

export type ModelCalibration = Of<typeof MODEL_CALIBRATION>;
