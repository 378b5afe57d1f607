/**
 * Examples in the order of their scores: sorted once, then cut into runs (`ranked-runs.ts`) or counted down.
 *
 * Equal scores cannot be told apart, so what stands in one group counts as one step.
 *
 * Knows: numbers. Unknown truths (NaN) take no part.
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

/**
 * The ranking of some of the examples.
 *
 * @param isIncluded  1 for each example that takes part, 0 for others.
 */
export function narrowed({ order, isPositive, endsGroup }: Ranking, isIncluded: ArrayLike<number>): Ranking {
  const kept = { order: order.slice(), isPositive: isPositive.slice(), endsGroup: endsGroup.slice().fill(0) };
  let [count, positives, groupStart] = [0, 0, 0];
  for (let k = 0; k < order.length; k++) {
    if (isIncluded[order[k]!] === 1) {
      kept.order[count] = order[k]!;
      kept.isPositive[count] = isPositive[k]!;
      positives += isPositive[k]!;
      count++;
    }
    if (endsGroup[k] === 0) continue;
    if (count > groupStart) kept.endsGroup[count - 1] = 1;
    groupStart = count;
  }
  return {
    order: kept.order.slice(0, count),
    isPositive: kept.isPositive.slice(0, count),
    endsGroup: kept.endsGroup.slice(0, count),
    positives,
    negatives: count - positives,
  };
}
