/**
 * Examples gathered by score: what calibrations are fitted on. Equal scores get equal probabilities whatever the
 * calibration, so only their counts matter; and a fit depends on no order, to the last bit.
 *
 * Knows: numbers. Unknown truths (NaN) take no part.
 */

import { XrayError } from "../errors.ts";
import { rocCounts } from "./roc.ts";

/** The distinct scores of known examples, rising, and how many of each class have them. Both classes are there. */
export interface GatheredScores {
  /** Finite, rising, none twice. */
  readonly scores: Float64Array;
  /** Whole numbers, for each score. */
  readonly positives: Float64Array;
  readonly negatives: Float64Array;
  readonly totalPositives: number;
  readonly totalNegatives: number;
}

/** The error of scores that no calibration can take. */
function badScore(problem: string, details: Readonly<Record<string, unknown>>): XrayError {
  return new XrayError("evaluation/bad-input", `scores cannot be calibrated: ${problem}`, details);
}

/** What each step of a running count adds, from its end to its beginning. */
const backwards = (counts: Float64Array): Float64Array =>
  counts.map((count, i) => count - (i === 0 ? 0 : counts[i - 1]!)).reverse();

/**
 * Gather scores.
 *
 * @param scores  Finite where the truth is known. Not modified, as `truths`.
 * @param truths  1, 0, or NaN where nothing is known; of the same length.
 * @returns       Null where there is no positive or no negative: nothing then says where probabilities should lie
 *                between 0 and 1.
 * @throws        XrayError `evaluation/bad-input`.
 */
export function gatherScores(scores: ArrayLike<number>, truths: ArrayLike<number>): GatheredScores | null {
  const { thresholds, truePositives, falsePositives, positives, negatives } = rocCounts(scores, truths);
  // They fall: the infinite ones are the first and the last.
  for (const end of [thresholds[0], thresholds.at(-1)]) {
    if (end === undefined || Number.isFinite(end)) continue;
    const index = Array.from(scores).findIndex((score, i) => score === end && !Number.isNaN(truths[i]));
    throw badScore(`number ${index} is infinite`, { index });
  }
  if (positives === 0 || negatives === 0) return null;
  return {
    // JSON knows no −0.
    scores: thresholds.map((threshold) => threshold + 0).reverse(),
    positives: backwards(truePositives),
    negatives: backwards(falsePositives),
    totalPositives: positives,
    totalNegatives: negatives,
  };
}
