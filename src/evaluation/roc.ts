/**
 * Receiver operating characteristic: how well scores tell positives from negatives, over all thresholds.
 *
 * Knows:      numbers. Unknown truths (NaN) take no part.
 * Reference:  Hanley and McNeil, 1982; scikit-learn's roc_auc_score and roc_curve(drop_intermediate=False).
 */

/** Scores falling, each with its truth. */
interface Ranked {
  readonly scores: Float64Array;
  /** 1 or 0, in the order of `scores`. */
  readonly truths: Uint8Array;
  readonly positives: number;
  readonly negatives: number;
}

function rank(scores: ArrayLike<number>, truths: ArrayLike<number>): Ranked {
  const known = Array.from({ length: truths.length }, (_, i) => i).filter((i) => !Number.isNaN(truths[i]!));
  const order = Uint32Array.from(known).sort((a, b) => scores[b]! - scores[a]!);
  const ranked = Uint8Array.from(order, (i) => (truths[i]! > 0.5 ? 1 : 0));
  const positives = ranked.reduce((sum, truth) => sum + truth, 0);
  return {
    scores: Float64Array.from(order, (i) => scores[i]!),
    truths: ranked,
    positives,
    negatives: ranked.length - positives,
  };
}

/** Counts of true and false positives at each threshold, from the highest score down. */
export interface RocCounts {
  /** Distinct scores, falling: an example is positive where its score is at least the threshold. */
  readonly thresholds: Float64Array;
  readonly truePositives: Float64Array;
  readonly falsePositives: Float64Array;
  readonly positives: number;
  readonly negatives: number;
}

/**
 * Count at every distinct score.
 *
 * @param scores  Any numbers, higher for positive; not NaN where the truth is known. Not modified.
 * @param truths  1, 0, or NaN where nothing is known; of the same length.
 */
export function rocCounts(scores: ArrayLike<number>, truths: ArrayLike<number>): RocCounts {
  const ranked = rank(scores, truths);
  const thresholds: number[] = [];
  const truePositives: number[] = [];
  const falsePositives: number[] = [];
  let hits = 0;
  for (let i = 0; i < ranked.scores.length; i++) {
    hits += ranked.truths[i]!;
    // Equal scores cannot be told apart: they are counted together.
    if (ranked.scores[i] === ranked.scores[i + 1]) continue;
    thresholds.push(ranked.scores[i]!);
    truePositives.push(hits);
    falsePositives.push(i + 1 - hits);
  }
  return {
    thresholds: Float64Array.from(thresholds),
    truePositives: Float64Array.from(truePositives),
    falsePositives: Float64Array.from(falsePositives),
    positives: ranked.positives,
    negatives: ranked.negatives,
  };
}

/**
 * Area under the ROC curve: the chance that a positive scores higher than a negative, ties counting half.
 *
 * @returns  0 to 1; null where there is no positive or no negative.
 */
export function auroc(scores: ArrayLike<number>, truths: ArrayLike<number>): number | null {
  const { truePositives, falsePositives, positives, negatives } = rocCounts(scores, truths);
  if (positives === 0 || negatives === 0) return null;
  // Trapezia over whole numbers, exact up to 2⁵³.
  let doubled = 0;
  let [hits, misses] = [0, 0];
  for (const [i, tp] of truePositives.entries()) {
    const fp = falsePositives[i]!;
    doubled += (fp - misses) * (tp + hits);
    [hits, misses] = [tp, fp];
  }
  return doubled / (2 * positives * negatives);
}
