/**
 * Results for programs as JSON objects, one for each image.
 *
 * Knows: results. Not files. Reference: the schema `medical-x/prediction@1` in docs/formats.md.
 */

import { type Failure, isFailure, type PredictionJson, type Result } from "../../results/prediction.ts";
import { nineDigits } from "../words/numbers.ts";

const shortened = (values: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(Object.entries(values).map(([label, value]) => [label, nineDigits(value)]));

/** The object that stands for one image in JSON. */
export function jsonObject(outcome: Result | Failure): PredictionJson {
  if (isFailure(outcome)) {
    return { schema: "medical-x/prediction@1", image: outcome.image, error: outcome.error };
  }
  const { labels: _, ...rest } = outcome;
  const { thresholds, ...plain } = rest;
  return {
    schema: "medical-x/prediction@1",
    ...plain,
    probabilities: shortened(plain.probabilities),
    ...(plain.calibrated === undefined ? {} : { calibrated: shortened(plain.calibrated) }),
    logits: shortened(plain.logits),
    ...(plain.threshold === "card" ? { thresholds } : {}),
  };
}
