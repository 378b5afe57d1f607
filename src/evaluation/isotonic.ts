/**
 * Isotonic regression: the rising function of the score with the smallest squared error (and the lowest log loss).
 *
 * Knows:      numbers. Scores may be logits or probabilities, so long as it is evaluated on the same.
 * Reference:  Barlow et al., Statistical Inference under Order Restrictions, 1972 (pool adjacent violators); Zadrozny and
 *             Elkan, KDD 2002; scikit-learn's IsotonicRegression(out_of_bounds="clip"), which also pools scores less
 *             than 1e-15 apart, where here only equal ones are.
 */

import { type GatheredScores, gatherScores } from "./gathered-scores.ts";

/** A score and its probability. */
export type Breakpoint = readonly [score: number, probability: number];

/** Straight lines between breakpoints; below the first its probability, above the last its. */
export interface IsotonicCalibration {
  readonly kind: "isotonic";
  /** One or more. Scores rise, no two equal; probabilities rise or stay equal. */
  readonly breakpoints: readonly Breakpoint[];
}

/** Neighbouring scores with one mean. */
interface Block {
  readonly first: number;
  readonly last: number;
  readonly positives: number;
  readonly total: number;
}

/** Pool neighbours until means rise from block to block. Means are compared as whole numbers up to 2⁵³, without rounding. */
function poolViolators({ scores, positives, negatives }: GatheredScores): readonly Block[] {
  const blocks: Block[] = [];
  for (let i = 0; i < scores.length; i++) {
    let block = { first: i, last: i, positives: positives[i]!, total: positives[i]! + negatives[i]! };
    for (
      let before = blocks.at(-1);
      before !== undefined && before.positives * block.total >= block.positives * before.total;
      before = blocks.at(-1)
    ) {
      block = {
        first: before.first,
        last: i,
        positives: before.positives + block.positives,
        total: before.total + block.total,
      };
      blocks.pop();
    }
    blocks.push(block);
  }
  return blocks;
}

/**
 * Fit a rising function. Equal scores are pooled before all else.
 *
 * @param scores  Finite where the truth is known. Not modified, as `truths`.
 * @param truths  1, 0, or NaN where nothing is known; of the same length.
 * @returns       Both ends of each block of equal probability, or its one score. Null where there is no positive or no
 *                negative.
 * @throws        XrayError `evaluation/bad-input`.
 */
export function fitIsotonic(
  scores: ArrayLike<number>,
  truths: ArrayLike<number>,
): IsotonicCalibration | null {
  const gathered = gatherScores(scores, truths);
  if (gathered === null) return null;
  const breakpoints = poolViolators(gathered).flatMap(({ first, last, positives, total }): Breakpoint[] => {
    const ends = first === last ? [first] : [first, last];
    return ends.map((at) => [gathered.scores[at]!, positives / total]);
  });
  return { kind: "isotonic", breakpoints };
}

/** How far x lies from `low` to `high`, 0 to 1; all of them finite. */
function shareOf(x: number, low: number, high: number): number {
  const gap = high - low;
  // The gap between two doubles may be none.
  return Number.isFinite(gap) ? (x - low) / gap : (x / 2 - low / 2) / (high / 2 - low / 2);
}

/** The function that breakpoints stand for. It takes any score but NaN, ±∞ included. */
export function interpolate(breakpoints: readonly Breakpoint[]): (score: number) => number {
  const top = breakpoints.length - 1;
  return (score) => {
    if (score <= breakpoints[0]![0]) return breakpoints[0]![1];
    if (score >= breakpoints[top]![0]) return breakpoints[top]![1];
    let [low, high] = [0, top];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (breakpoints[middle]![0] <= score) low = middle;
      else high = middle;
    }
    const [x, p] = breakpoints[low]!;
    const [nextX, nextP] = breakpoints[high]!;
    // Rounding must not lead past the next breakpoint: probabilities rise.
    return Math.min(nextP, p + (nextP - p) * shareOf(score, x, nextX));
  };
}
