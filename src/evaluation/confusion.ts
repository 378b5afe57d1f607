/**
 * Everything at one threshold: the confusion matrix, and the figures of a diagnostic test that follow from it.
 *
 * Knows:      numbers. Unknown truths (NaN) take no part.
 * Reference:  Altman and Bland, Diagnostic tests 1 to 3, BMJ 1994, and Deeks and Altman, Diagnostic tests 4: likelihood
 *             ratios, BMJ 2004; van Rijsbergen, Information Retrieval, 1979 (F1).
 */

import { XrayError } from "../errors.ts";
import { knownExamples } from "./known.ts";

/** A confusion matrix; whole numbers. */
export interface Confusion {
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly trueNegatives: number;
  readonly falseNegatives: number;
}

/** @throws  XrayError `evaluation/bad-threshold` of NaN, which is neither over nor under any score. */
export function checkThreshold(threshold: number): void {
  if (!Number.isNaN(threshold)) return;
  throw new XrayError("evaluation/bad-threshold", "a threshold must be a number, not NaN", { threshold });
}

/**
 * Count what a threshold calls right and wrong. An example is called positive where its score is at least the
 * threshold; beside a Float32Array the threshold is rounded as its scores are, as `predict` does, so that equal is
 * equal.
 *
 * @param scores     Any numbers, higher for positive; ±∞ are numbers, NaN is one only where the truth is unknown.
 * @param truths     1, 0, or NaN where nothing is known; of the same length. Neither is modified.
 * @param threshold  Any number, ±∞ too.
 * @throws           XrayError `evaluation/bad-input`, `evaluation/bad-threshold`.
 *
 * @example
 * confusionAt([0.9, 0.8, 0.4, 0.1], [1, 0, 1, 0], 0.5).falsePositives; // 1
 */
export function confusionAt(
  scores: ArrayLike<number>,
  truths: ArrayLike<number>,
  threshold: number,
): Confusion {
  checkThreshold(threshold);
  const limit = scores instanceof Float32Array ? Math.fround(threshold) : threshold;
  const known = knownExamples(scores, truths);
  let [called, truePositives, positives] = [0, 0, 0];
  for (let i = 0; i < known.scores.length; i++) {
    const truth = known.truths[i]!;
    positives += truth;
    if (known.scores[i]! < limit) continue;
    called++;
    truePositives += truth;
  }
  const falsePositives = called - truePositives;
  return {
    truePositives,
    falsePositives,
    trueNegatives: known.scores.length - positives - falsePositives,
    falseNegatives: positives - truePositives,
  };
}

/** Figures of a diagnostic test. What would divide by zero is null, never NaN or infinite. */
export interface DiagnosticFigures {
  /** TP / (TP + FN), 0 to 1; null where there is no positive. */
  readonly sensitivity: number | null;
  /** TN / (TN + FP), 0 to 1; null where there is no negative. */
  readonly specificity: number | null;
  /** Positive predictive value, precision: TP / (TP + FP), 0 to 1; null where nothing is called positive. */
  readonly ppv: number | null;
  /** Negative predictive value: TN / (TN + FN), 0 to 1; null where nothing is called negative. */
  readonly npv: number | null;
  /** 2 TP / (2 TP + FP + FN), 0 to 1; null where nothing is positive and nothing is called so. */
  readonly f1: number | null;
  /** (TP + TN) / all, 0 to 1; null where nothing is known. */
  readonly accuracy: number | null;
  /**
   * LR+ = sensitivity / (1 − specificity), 0 and over: what a positive call multiplies the odds by. Null where there is
   * no positive, no negative, or no false positive.
   */
  readonly positiveLikelihoodRatio: number | null;
  /**
   * LR− = (1 − sensitivity) / specificity, 0 and over: what a negative call multiplies the odds by. Null where there is
   * no positive, no negative, or no true negative.
   */
  readonly negativeLikelihoodRatio: number | null;
}

const ratio = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);

/**
 * The figures of a confusion matrix.
 *
 * @param confusion  Counts, or weights: 0 and over, not checked.
 * @see              scikit-learn's recall_score, precision_score, f1_score and class_likelihood_ratios.
 *
 * @example
 * const counts = { truePositives: 40, falsePositives: 10, trueNegatives: 90, falseNegatives: 10 };
 * diagnosticFigures(counts); // { sensitivity: 0.8, specificity: 0.9, ppv: 0.8, npv: 0.9, f1: 0.8 }
 */
export function diagnosticFigures(confusion: Confusion): DiagnosticFigures {
  const { truePositives, falsePositives, trueNegatives, falseNegatives } = confusion;
  const positives = truePositives + falseNegatives;
  const negatives = trueNegatives + falsePositives;
  return {
    sensitivity: ratio(truePositives, positives),
    specificity: ratio(trueNegatives, negatives),
    ppv: ratio(truePositives, truePositives + falsePositives),
    npv: ratio(trueNegatives, trueNegatives + falseNegatives),
    f1: ratio(2 * truePositives, 2 * truePositives + falsePositives + falseNegatives),
    accuracy: ratio(truePositives + trueNegatives, positives + negatives),
    // Both fractions at once, in whole numbers: without a negative there is no false positive and no true negative.
    positiveLikelihoodRatio: ratio(truePositives * negatives, falsePositives * positives),
    negativeLikelihoodRatio: ratio(falseNegatives * negatives, trueNegatives * positives),
  };
}
