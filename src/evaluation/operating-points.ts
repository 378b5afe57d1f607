/**
 * Operating points: thresholds fitted on scores and truths. An example is called positive where its score is at least
 * the threshold, as `predict` marks findings.
 *
 * Equal scores stand or fall together, so only the scores themselves are candidates: no threshold lies between two of
 * them. Of candidates that do equally well, the highest is taken, which calls the fewest positive.
 *
 * Knows:      numbers. Unknown truths (NaN) take no part.
 * Reference:  Youden, Index for rating diagnostic tests, 1950.
 */

import { XrayError } from "../errors.ts";
import { type RocCounts, rocCounts } from "./roc.ts";

/** A threshold and what it gives on the data that it was fitted on. */
export interface OperatingPoint {
  readonly threshold: number;
  readonly sensitivity: number;
  readonly specificity: number;
}

/** How a threshold is chosen: the largest sensitivity + specificity, or a sensitivity that must be reached. */
export type Criterion =
  | { readonly kind: "youden" }
  | { readonly kind: "sensitivity"; readonly target: number };

/** The first candidate with the largest J = sensitivity + specificity − 1. */
function youden({ truePositives, falsePositives, positives, negatives }: RocCounts): number {
  // J · positives · negatives is a whole number, so that equals are equal.
  const index = (i: number) => truePositives[i]! * negatives - falsePositives[i]! * positives;
  let best = 0;
  for (let i = 1; i < truePositives.length; i++) if (index(i) > index(best)) best = i;
  return best;
}

/**
 * Fit a threshold.
 *
 * @param scores     Higher for positive. Not modified, as `truths`.
 * @param truths     1, 0, or NaN where nothing is known; of the same length.
 * @param criterion  A target sensitivity is above 0 and at most 1: the highest threshold that reaches it is taken, so
 *                   the best specificity at that sensitivity.
 * @returns          Null where there is no positive or no negative.
 * @throws           XrayError `evaluation/bad-input`, `evaluation/bad-target`.
 */
export function fitOperatingPoint(
  scores: ArrayLike<number>,
  truths: ArrayLike<number>,
  criterion: Criterion,
): OperatingPoint | null {
  if (criterion.kind === "sensitivity" && !(criterion.target > 0 && criterion.target <= 1)) {
    throw new XrayError(
      "evaluation/bad-target",
      `a sensitivity of ${criterion.target} cannot be reached on purpose; it must be above 0 and at most 1`,
      { target: criterion.target },
    );
  }
  const counts = rocCounts(scores, truths);
  const { thresholds, truePositives, falsePositives, positives, negatives } = counts;
  if (positives === 0 || negatives === 0) return null;
  // The lowest score calls everything positive, so every target is reached.
  const at =
    criterion.kind === "youden"
      ? youden(counts)
      : truePositives.findIndex((hits) => hits / positives >= criterion.target);
  return {
    threshold: thresholds[at]!,
    sensitivity: truePositives[at]! / positives,
    specificity: (negatives - falsePositives[at]!) / negatives,
  };
}
