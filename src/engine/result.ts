/**
 * Builds the result of one prediction in the same way for all callers: the command line, the library, and those to
 * come.
 *
 * Pipeline:   prediction, model, thresholds → **result** → text, JSON, callers
 * Knows:      predictions and cards. Not files or formats.
 */

import { noticesOf } from "../models/notice.ts";
import type { Result } from "../results/prediction.ts";
import { calibratedOf } from "./calibrated.ts";
import type { OpenModel } from "./open-model.ts";
import type { Prediction } from "./predict.ts";
import { type Decision, detect } from "./thresholds.ts";

/** What a caller knows about an image in addition to its prediction. */
export interface ResultDetails
  extends Pick<Result, "image">,
    Partial<Pick<Result, "truth" | "gradcam" | "regions">> {
  /** SHA-256 of the model's file; empty if it is not needed. */
  readonly sha256?: string;
}

/** The result of one image. Numbers are the network's float32 values, unrounded. */
export function resultOf(
  { name, card, notes }: Pick<OpenModel, "name" | "card" | "notes">,
  prediction: Pick<Prediction, "probabilities" | "logits" | "prepared" | "checks">,
  { threshold, thresholds }: Decision,
  { image, truth, gradcam = [], regions, sha256 = "" }: ResultDetails,
): Result {
  const { labels, labelSource, activation, calibration } = card;
  const { probabilities, logits, prepared, checks } = prediction;
  const calibrated = calibratedOf(card, logits);
  const record = (values: Float32Array) => Object.fromEntries(labels.map((label, i) => [label, values[i]!]));
  return {
    image,
    model: {
      name,
      sha256,
      labels,
      labelSource,
      ...(calibration === undefined ? {} : { calibration: calibration.description }),
      activation,
      notes,
    },
    labels,
    threshold,
    thresholds,
    detected: detect(labels, probabilities, thresholds),
    ...(truth === undefined ? {} : { truth }),
    probabilities: record(probabilities),
    ...(calibrated === undefined ? {} : { calibrated }),
    logits: record(logits),
    preparation: prepared.receipt,
    notes: prepared.notes,
    checks,
    gradcam,
    ...(regions === undefined ? {} : { regions }),
    notice: noticesOf(card).join(" "),
  };
}
