/**
 * Examples in the order of their scores: sorted once, and then walked through as often as is wished, with other
 * weights or for other figures.
 *
 * Equal scores cannot be told apart, so what stands in one group counts as one step.
 *
 * Knows:      numbers. Unknown truths (NaN) take no part.
 * Reference:  scikit-learn's roc_auc_score and average_precision_score, with sample_weight; Davis and Goadrich, The
 *             relationship between precision-recall and ROC curves, 2006 (why precision is not interpolated).
 */

import { knownIndices } from "./known.ts";

/** Examples whose truth is known, by falling score. */
export interface Ranking {
  /** Which example stands at each place: an index into the scores that were ranked. */
  readonly order: Uint32Array;
  /** 1 where the example at this place is positive, 0 where it is negative. */
  readonly isPositive: Uint8Array;
  /** 1 where a lower score follows, or none: here a group of equal scores ends. */
  readonly endsGroup: Uint8Array;
  readonly positives: number;
  readonly negatives: number;
}

/**
 * Sort examples by falling score.
 *
 * @param scores  Higher for positive; ±∞ are numbers, NaN is one only where the truth is unknown.
 * @param truths  1, 0, or NaN where nothing is known; of the same length. Neither is modified.
 * @throws        XrayError `evaluation/bad-input`.
 */
export function rankingOf(scores: ArrayLike<number>, truths: ArrayLike<number>): Ranking {
  // Infinities of one sign have no difference, so scores are compared and not subtracted.
  const order = knownIndices(scores, truths).sort((i, j) =>
    scores[i]! > scores[j]! ? -1 : scores[i]! < scores[j]! ? 1 : 0,
  );
  const isPositive = new Uint8Array(order.length);
  const endsGroup = new Uint8Array(order.length);
  let positives = 0;
  for (let k = 0; k < order.length; k++) {
    const i = order[k]!;
    if (truths[i] === 1) {
      isPositive[k] = 1;
      positives++;
    }
    if (k + 1 === order.length || scores[order[k + 1]!] !== scores[i]) endsGroup[k] = 1;
  }
  return { order, isPositive, endsGroup, positives, negatives: order.length - positives };
}

/** How well scores tell positives from negatives, each example counting by its weight. */
export interface RankFigures {
  /** 0 to 1; ties count half. */
  readonly auroc: number;
  /** Over 0, at most 1: the mean precision at the scores of the positives. */
  readonly averagePrecision: number;
}

/**
 * AUROC and average precision of weighted examples, in one walk down the ranking.
 *
 * AUROC = Σ over pairs of w⁺ · w⁻ · (1 where the positive scores higher, ½ where the same) / (Σ w⁺ · Σ w⁻), and average
 * precision = Σ over groups of equal scores of (rise of recall) · (precision down to and with that group).
 *
 * @param weights  One for each example that was ranked, of known and unknown truth alike; 0 or more, finite: not checked,
 *                 for this is what a bootstrap spends its time on. Not modified. An example of weight 2 counts as two,
 *                 and with whole weights AUROC is exact but for its last division.
 * @returns        Null where the positives or the negatives have no weight.
 */
export function weightedFigures(ranking: Ranking, weights: Float64Array): RankFigures | null {
  const { order, isPositive, endsGroup } = ranking;
  let positives = 0;
  let negatives = 0;
  let groupPositives = 0;
  let groupNegatives = 0;
  let doubled = 0;
  let precisions = 0;
  for (let k = 0; k < order.length; k++) {
    const weight = weights[order[k]!]!;
    if (isPositive[k] === 1) groupPositives += weight;
    else groupNegatives += weight;
    if (endsGroup[k] === 0) continue;
    // Each negative loses to all positives before its group and draws with those in it.
    doubled += groupNegatives * (2 * positives + groupPositives);
    positives += groupPositives;
    negatives += groupNegatives;
    if (groupPositives > 0) precisions += (groupPositives * positives) / (positives + negatives);
    groupPositives = 0;
    groupNegatives = 0;
  }
  if (!(positives > 0 && negatives > 0)) return null;
  return { auroc: doubled / (2 * positives * negatives), averagePrecision: precisions / positives };
}
