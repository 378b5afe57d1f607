/**
 * The confusion matrix of one threshold: how many calls are right and wrong.
 *
 * Knows: numbers. Unknown truths (NaN) take no part.
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
  throw new XrayError("evaluation/bad-threshold", "the threshold is NaN; it must be a number", { threshold });
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
