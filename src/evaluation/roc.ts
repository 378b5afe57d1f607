/**
 * Receiver operating characteristic: how well scores tell positives from negatives, over all thresholds.
 *
 * Positives and negatives are sorted apart and walked through together: typed arrays sort by value without a
 * comparison function, and no order has to be carried along.
 *
 * Knows:      numbers. Unknown truths (NaN) take no part.
 * Reference:  Hanley and McNeil, 1982 (the area as a Mann–Whitney statistic, ties counting half); scikit-learn's
 *             roc_auc_score and roc_curve(drop_intermediate=False).
 */

import { knownExamples } from "./known.ts";

/** The scores of each class, rising. */
interface Classes {
  readonly positives: Float64Array;
  readonly negatives: Float64Array;
}

/** Sort known scores by class. */
function classesOf(scores: ArrayLike<number>, truths: ArrayLike<number>): Classes {
  const known = knownExamples(scores, truths);
  const { length } = known.scores;
  const positives = new Float64Array(length);
  const negatives = new Float64Array(length);
  let [p, n] = [0, 0];
  for (let i = 0; i < length; i++) {
    if (known.truths[i] === 1) positives[p++] = known.scores[i]!;
    else negatives[n++] = known.scores[i]!;
  }
  return { positives: positives.subarray(0, p).sort(), negatives: negatives.subarray(0, n).sort() };
}

/**
 * Area under the ROC curve: the chance that a positive scores higher than a negative, ties counting half.
 *
 * @param scores  Any numbers, higher for positive; ±∞ are numbers, NaN is one only where the truth is unknown.
 * @param truths  1, 0, or NaN where nothing is known; of the same length. Neither is modified.
 * @returns       0 to 1; null where there is no positive or no negative.
 * @throws        XrayError `evaluation/bad-input`.
 *
 * @example
 * auroc([0.9, 0.8, 0.4, 0.1], [1, 0, 1, 0]); // 0.75
 */
export function auroc(scores: ArrayLike<number>, truths: ArrayLike<number>): number | null {
  const { positives, negatives } = classesOf(scores, truths);
  if (positives.length === 0 || negatives.length === 0) return null;
  // Negatives below each positive, and those not above it: their sum counts wins twice and ties once.
  // Whole numbers, exact up to 2⁵³.
  let [doubled, below, notAbove] = [0, 0, 0];
  for (const score of positives) {
    while (below < negatives.length && negatives[below]! < score) below++;
    while (notAbove < negatives.length && negatives[notAbove]! <= score) notAbove++;
    doubled += below + notAbove;
  }
  return doubled / (2 * positives.length * negatives.length);
}

/** Counts of true and false positives at each threshold, from the highest score down. */
export interface RocCounts {
  /** Distinct scores, falling: an example is called positive where its score is at least the threshold. */
  readonly thresholds: Float64Array;
  /** Whole numbers. */
  readonly truePositives: Float64Array;
  readonly falsePositives: Float64Array;
  readonly positives: number;
  readonly negatives: number;
}

/** Count at every distinct score. Arguments and errors as of `auroc`. */
export function rocCounts(scores: ArrayLike<number>, truths: ArrayLike<number>): RocCounts {
  const { positives, negatives } = classesOf(scores, truths);
  const thresholds = new Float64Array(positives.length + negatives.length);
  const truePositives = new Float64Array(thresholds.length);
  const falsePositives = new Float64Array(thresholds.length);
  let [p, n, count] = [positives.length, negatives.length, 0];
  while (p > 0 || n > 0) {
    const threshold = Math.max(
      p > 0 ? positives[p - 1]! : Number.NEGATIVE_INFINITY,
      n > 0 ? negatives[n - 1]! : Number.NEGATIVE_INFINITY,
    );
    // Equal scores cannot be told apart: they are counted together.
    while (p > 0 && positives[p - 1]! >= threshold) p--;
    while (n > 0 && negatives[n - 1]! >= threshold) n--;
    thresholds[count] = threshold;
    truePositives[count] = positives.length - p;
    falsePositives[count] = negatives.length - n;
    count++;
  }
  return {
    thresholds: thresholds.subarray(0, count),
    truePositives: truePositives.subarray(0, count),
    falsePositives: falsePositives.subarray(0, count),
    positives: positives.length,
    negatives: negatives.length,
  };
}

/** A ROC curve, point by point. */
export interface RocCurve {
  /** Falling; the first is +∞, where nothing is called positive. */
  readonly thresholds: Float64Array;
  /** False positive rate, 1 − specificity: rising from 0 to 1. */
  readonly fpr: Float64Array;
  /** True positive rate, sensitivity: rising from 0 to 1. */
  readonly tpr: Float64Array;
}

/**
 * The points of the curve, one for each distinct score, and (0, 0) before them. Arguments and errors as of `auroc`.
 *
 * @returns  Null where there is no positive or no negative.
 *
 * @example
 * const curve = rocCurve([0.9, 0.8, 0.4, 0.1], [1, 0, 1, 0]);
 * curve?.fpr; // [0, 0, 0.5, 0.5, 1]
 * curve?.tpr; // [0, 0.5, 0.5, 1, 1]
 */
export function rocCurve(scores: ArrayLike<number>, truths: ArrayLike<number>): RocCurve | null {
  const counts = rocCounts(scores, truths);
  if (counts.positives === 0 || counts.negatives === 0) return null;
  const after = (first: number, values: Float64Array, divisor: number): Float64Array => {
    const points = new Float64Array(values.length + 1);
    points[0] = first;
    for (const [i, value] of values.entries()) points[i + 1] = value / divisor;
    return points;
  };
  return {
    thresholds: after(Number.POSITIVE_INFINITY, counts.thresholds, 1),
    fpr: after(0, counts.falsePositives, counts.negatives),
    tpr: after(0, counts.truePositives, counts.positives),
  };
}
