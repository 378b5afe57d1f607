/**
 * Operating points: thresholds fitted on scores and truths. An example is called positive where its score is at least
 * the threshold, as `predict` marks findings.
 *
 * Equal scores stand or fall together, so only the scores themselves are candidates: no threshold lies between two of
 * them. Of candidates that do equally well, the highest is taken, which calls the fewest positive.
 *
 * Knows:      numbers. Unknown truths (NaN) take no part.
 * Reference:  Youden, Index for rating diagnostic tests, 1950; van Rijsbergen, Information Retrieval, 1979 (F1).
 */

import { XrayError } from "../errors.ts";
import { type RocCounts, rocCounts } from "./roc.ts";

/** A threshold and what it gives on the data that it was fitted on. */
export interface OperatingPoint {
  readonly threshold: number;
  readonly sensitivity: number;
  readonly specificity: number;
}

/**
 * How a threshold is chosen: the largest sensitivity + specificity, the largest F1, or a sensitivity or a specificity
 * that must be reached.
 */
export type Criterion =
  | { readonly kind: "youden" }
  | { readonly kind: "f1" }
  | { readonly kind: "sensitivity"; readonly target: number }
  | { readonly kind: "specificity"; readonly target: number };

/** The first candidate with the largest J = sensitivity + specificity − 1. */
function youden({ truePositives, falsePositives, positives, negatives }: RocCounts): number {
  // J · positives · negatives is a whole number, so that equals are equal.
  const index = (i: number) => truePositives[i]! * negatives - falsePositives[i]! * positives;
  let best = 0;
  for (let i = 1; i < truePositives.length; i++) if (index(i) > index(best)) best = i;
  return best;
}

/** The first candidate with the largest F1 = 2 TP / (TP + FP + positives). */
function largestF1({ truePositives, falsePositives, positives }: RocCounts): number {
  const divisor = (i: number) => truePositives[i]! + falsePositives[i]! + positives;
  let best = 0;
  for (let i = 1; i < truePositives.length; i++) {
    // Fractions compared in whole numbers, so that equals are equal.
    if (truePositives[i]! * divisor(best) > truePositives[best]! * divisor(i)) best = i;
  }
  return best;
}

/** The first candidate with the largest sensitivity among those that reach the specificity; −1 where none does. */
function bestAtSpecificity({ truePositives, falsePositives, negatives }: RocCounts, target: number): number {
  let best = -1;
  for (let i = 0; i < truePositives.length; i++) {
    // It only falls from here.
    if ((negatives - falsePositives[i]!) / negatives < target) break;
    if (best < 0 || truePositives[i]! > truePositives[best]!) best = i;
  }
  return best;
}

/** The candidate that a criterion takes; −1 where it takes none. */
function candidate(counts: RocCounts, criterion: Criterion): number {
  switch (criterion.kind) {
    case "youden":
      return youden(counts);
    case "f1":
      return largestF1(counts);
    case "sensitivity":
      // The lowest score calls everything positive, so every target is reached.
      return counts.truePositives.findIndex((hits) => hits / counts.positives >= criterion.target);
    case "specificity":
      return bestAtSpecificity(counts, criterion.target);
  }
}

/**
 * Fit a threshold.
 *
 * @param scores     Higher for positive. Not modified, as `truths`.
 * @param truths     1, 0, or NaN where nothing is known; of the same length.
 * @param criterion  A target is above 0 and at most 1. Of a sensitivity, the highest threshold that reaches it is
 *                   taken, so the best specificity at that sensitivity. A specificity is reached by all thresholds from
 *                   some one up; of them, that with the best sensitivity is taken, and of equally good ones the
 *                   highest, which has the best specificity.
 * @returns          Null where there is no positive or no negative, and where no score reaches the specificity: so many
 *                   negatives share the highest score that only calling nothing positive would.
 * @throws           XrayError `evaluation/bad-input`, `evaluation/bad-target`.
 *
 * @example
 * const criterion = { kind: "sensitivity", target: 0.95 } as const;
 * fitOperatingPoint([0.9, 0.8, 0.4, 0.1], [1, 0, 1, 0], criterion); // { threshold: 0.4, sensitivity: 1, specificity: 0.5 }
 */
export function fitOperatingPoint(
  scores: ArrayLike<number>,
  truths: ArrayLike<number>,
  criterion: Criterion,
): OperatingPoint | null {
  return fitToCounts(rocCounts(scores, truths), criterion);
}

/** As `fitOperatingPoint`, of scores that have been counted. */
export function fitToCounts(counts: RocCounts, criterion: Criterion): OperatingPoint | null {
  if ("target" in criterion && !(criterion.target > 0 && criterion.target <= 1)) {
    const { kind, target } = criterion;
    throw new XrayError(
      "evaluation/bad-target",
      `the target ${kind} is ${target}; it must be above 0 and at most 1`,
      { target },
    );
  }
  const { thresholds, truePositives, falsePositives, positives, negatives } = counts;
  if (positives === 0 || negatives === 0) return null;
  const at = candidate(counts, criterion);
  if (at < 0) return null;
  return {
    threshold: thresholds[at]!,
    sensitivity: truePositives[at]! / positives,
    specificity: (negatives - falsePositives[at]!) / negatives,
  };
}
