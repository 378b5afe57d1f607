/**
 * How alike two maps of the same size are.
 *
 * Reference:  Adebayo et al., Sanity Checks for Saliency Maps, NeurIPS 2018 (rank correlation); Spearman, 1904.
 */

/** Ranks from 1, of equal values their mean. */
function ranksOf(values: ArrayLike<number>): Float64Array {
  const order = Uint32Array.from({ length: values.length }, (_, i) => i).sort(
    (a, b) => values[a]! - values[b]!,
  );
  const ranks = new Float64Array(values.length);
  for (let start = 0; start < order.length; ) {
    let end = start + 1;
    while (end < order.length && values[order[end]!] === values[order[start]!]) end++;
    for (let k = start; k < end; k++) ranks[order[k]!] = (start + 1 + end) / 2;
    start = end;
  }
  return ranks;
}

/**
 * Spearman's rank correlation: Pearson's of the ranks.
 *
 * @returns  −1 to 1; 0 where all values of a map are equal.
 * @see      scipy.stats.spearmanr.
 */
export function rankCorrelation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const [left, right] = [ranksOf(a), ranksOf(b)];
  const mean = (a.length + 1) / 2;
  let [both, first, second] = [0, 0, 0];
  for (let i = 0; i < left.length; i++) {
    const [x, y] = [left[i]! - mean, right[i]! - mean];
    both += x * y;
    first += x * x;
    second += y * y;
  }
  return first > 0 && second > 0 ? both / Math.sqrt(first * second) : 0;
}

/** The tenth of the cells that are hottest, as far as they are above 0; of equal ones the first. */
function hottestTenth(values: ArrayLike<number>): Set<number> {
  const order = Uint32Array.from({ length: values.length }, (_, i) => i).sort(
    (a, b) => values[b]! - values[a]! || a - b,
  );
  return new Set(order.subarray(0, Math.ceil(values.length / 10)).filter((i) => values[i]! > 0));
}

/** The share of the first map's hottest tenth that is in the second's: 0 to 1, and about 0.1 by chance. */
export function sharedTenth(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const [hot, other] = [hottestTenth(a), hottestTenth(b)];
  return hot.size === 0 ? 0 : [...hot].filter((i) => other.has(i)).length / hot.size;
}
