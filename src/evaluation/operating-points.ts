/**
 * Operating points: thresholds fitted on scores and truths. An example is positive where its score is at least the
 * threshold.
 *
 * Knows:      numbers.
 * Reference:  Youden, Index for rating diagnostic tests, 1950.
 */

import { rocCounts } from "./roc.ts";

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

/**
 * Fit a threshold.
 *
 * Youden's J: of thresholds that are equally good, the highest. A target sensitivity: the highest threshold that reaches
 * it, so the best specificity at that sensitivity.
 *
 * @returns  Null where there is no positive or no negative.
 */
export function fitOperatingPoint(
  scores: ArrayLike<number>,
  truths: ArrayLike<number>,
  criterion: Criterion,
): OperatingPoint | null {
  const counts = rocCounts(scores, truths);
  if (counts.positives === 0 || counts.negatives === 0) return null;
  const points = Array.from(counts.thresholds, (threshold, i) => ({
    threshold,
    sensitivity: counts.truePositives[i]! / counts.positives,
    specificity: 1 - counts.falsePositives[i]! / counts.negatives,
  }));
  if (criterion.kind === "sensitivity") {
    return points.find(({ sensitivity }) => sensitivity >= criterion.target) ?? points.at(-1)!;
  }
  const youden = (point: OperatingPoint) => point.sensitivity + point.specificity - 1;
  return points.reduce((best, point) => (youden(point) > youden(best) ? point : best));
}
