/**
 * Isotonic regression: the rising function of the score with the smallest squared error (and the lowest log loss).
 *
 * Knows:      numbers. Scores may be logits or probabilities, so long as it is evaluated on the same.
 * Reference:  Barlow et al., Statistical Inference under Order Restrictions, 1972 (pool adjacent violators); Zadrozny and
 *             Elkan, KDD 2002; scikit-learn's IsotonicRegression(out_of_bounds="clip"), which also pools scores less
 *             than 1e-15 apart, where here only equal ones are.
 */

import type { Breakpoint, IsotonicCalibration } from "../calibration/calibration.ts";
import { type GatheredScores, gatherScores } from "./gathered-scores.ts";

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
