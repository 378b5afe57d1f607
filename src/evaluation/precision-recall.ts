/**
 * Precision and recall over all thresholds: how pure what is called positive is, and how much of what is positive it
 * holds. Unlike the ROC curve, it feels how rare a finding is.
 *
 * Knows:      numbers. Unknown truths (NaN) take no part.
 * Reference:  Davis and Goadrich, The relationship between Precision–Recall and ROC curves, 2006 (why points are not
 *             joined by straight lines); scikit-learn's average_precision_score and precision_recall_curve.
 */

import { rocCounts } from "./roc.ts";

/**
 * Average precision: AP = Σ (Rᵢ − Rᵢ₋₁) · Pᵢ over falling thresholds, recall R and precision P; the area under the
 * curve in steps. Scores that are all equal give the share of positives.
 *
 * @param scores  Any numbers, higher for positive; ±∞ are numbers, NaN is one only where the truth is unknown.
 * @param truths  1, 0, or NaN where nothing is known; of the same length. Neither is modified.
 * @returns       Over 0, at most 1; null where there is no positive. Without a negative, 1.
 * @throws        XrayError `evaluation/bad-input`.
 *
 * @example
 * averagePrecision([0.9, 0.8, 0.4, 0.1], [1, 0, 1, 0]); // 0.8333
 */
export function averagePrecision(scores: ArrayLike<number>, truths: ArrayLike<number>): number | null {
  const { truePositives, falsePositives, positives } = rocCounts(scores, truths);
  if (positives === 0) return null;
  let [sum, before] = [0, 0];
  for (let i = 0; i < truePositives.length; i++) {
    const hits = truePositives[i]!;
    sum += (hits - before) * (hits / (hits + falsePositives[i]!));
    before = hits;
  }
  return sum / positives;
}

/** A precision–recall curve, point by point. */
export interface PrecisionRecallCurve {
  /** Falling; the first is +∞, where nothing is called positive. */
  readonly thresholds: Float64Array;
  /** Share of positives among what is called positive; 1 at the first threshold, by agreement. */
  readonly precision: Float64Array;
  /** Share of what is called positive among positives, sensitivity: rising from 0 to 1. */
  readonly recall: Float64Array;
}

/**
 * The points of the curve, one for each distinct score, and (0, 1) before them. Arguments and errors as of
 * `averagePrecision`.
 *
 * @returns  In the order of `rocCurve`, which is scikit-learn's reversed; null where there is no positive.
 *
 * @example
 * const curve = precisionRecallCurve([0.9, 0.8, 0.4, 0.1], [1, 0, 1, 0]);
 * curve?.precision; // [1, 1, 0.5, 0.6667, 0.5]
 * curve?.recall; // [0, 0.5, 0.5, 1, 1]
 */
export function precisionRecallCurve(
  scores: ArrayLike<number>,
  truths: ArrayLike<number>,
): PrecisionRecallCurve | null {
  const { thresholds, truePositives, falsePositives, positives } = rocCounts(scores, truths);
  if (positives === 0) return null;
  const length = thresholds.length + 1;
  const curve = {
    thresholds: new Float64Array(length),
    precision: new Float64Array(length),
    recall: new Float64Array(length),
  };
  curve.thresholds[0] = Number.POSITIVE_INFINITY;
  curve.thresholds.set(thresholds, 1);
  curve.precision[0] = 1;
  for (let i = 1; i < length; i++) {
    const hits = truePositives[i - 1]!;
    curve.precision[i] = hits / (hits + falsePositives[i - 1]!);
    curve.recall[i] = hits / positives;
  }
  return curve;
}
