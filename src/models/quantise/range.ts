/**
 * From a histogram to the range that codes represent.
 *
 * Knows: histograms. Not where the numbers come from.
 */

import type { Histogram } from "./histogram.ts";

/** Steps between the 256 codes of uint8. */
export const STEPS = 255;

/** Code q stands for `low` + q · `step`. */
export interface Range {
  readonly low: number;
  readonly step: number;
}

/**
 * How a range is chosen. `mse`: the range with the least mean squared error of codes, of numbers in the range (step²/12
 * each) and of those that are cut off at its ends. `minmax`: from the smallest to the largest number. `percentile`: so that
 * one in 100,000 numbers is cut off at each end.
 */
export type Criterion = "mse" | "minmax" | "percentile";

const TAIL = 1e-5;

/** Squared errors of cutting off all numbers above the upper end of each bin, and how many are left below it. */
function above(values: Float64Array, counts: Float64Array): { error: Float64Array; inside: Float64Array } {
  const n = counts.length;
  const [error, inside] = [new Float64Array(n), new Float64Array(n)];
  let [count, sum, squares] = [0, 0, 0];
  for (let i = n - 1; i >= 0; i--) {
    // Σ (x − end)² = Σ x² − 2 · end · Σ x + n · end², of the numbers above.
    const end = values[i]!;
    error[i] = Math.max(0, squares - 2 * end * sum + count * end * end);
    count += counts[i]!;
    sum += counts[i]! * values[i]!;
    squares += counts[i]! * values[i]! ** 2;
  }
  let below = 0;
  for (let i = 0; i < n; i++) {
    below += counts[i]!;
    inside[i] = below;
  }
  return { error, inside };
}

/** The bins, first and last, between which the range with the least squared error lies. */
function leastSquares(values: Float64Array, counts: Float64Array, fixedLow: boolean): [number, number] {
  const n = counts.length;
  const up = above(values, counts);
  const down = above(values.map((v) => -v).reverse(), counts.slice().reverse());
  const below = (i: number) => down.error[n - 1 - i]!;
  const cost = (low: number, high: number) => {
    const inside = up.inside[high]! - (low === 0 ? 0 : up.inside[low - 1]!);
    const step = (values[high]! - (fixedLow ? 0 : values[low]!)) / STEPS;
    return (inside * step * step) / 12 + up.error[high]! + (fixedLow ? 0 : below(low));
  };
  let [low, high] = [0, n - 1];
  for (let round = 0; round < 8; round++) {
    const before = [low, high];
    for (let i = low; i < n; i++) if (cost(low, i) < cost(low, high)) high = i;
    if (!fixedLow) for (let i = 0; i < high; i++) if (cost(i, high) < cost(low, high)) low = i;
    if (before[0] === low && before[1] === high) break;
  }
  return [low, high];
}

/** The bins beyond which at most a share of `TAIL` of the numbers lies on each side. */
function percentiles(counts: Float64Array, size: number): [number, number] {
  let [low, high, left] = [0, counts.length - 1, size * TAIL];
  while (low < high && left - counts[low]! >= 0) left -= counts[low++]!;
  left = size * TAIL;
  while (high > low && left - counts[high]! >= 0) left -= counts[high--]!;
  return [low, high];
}

/**
 * Choose the range of some numbers.
 *
 * @param fromZero  Whether the smallest code must stand for 0, as after a ReLU; then no number is below 0.
 * @returns         A range with a step above 0, even if all numbers are the same.
 */
export function chooseRange(histogram: Histogram, criterion: Criterion, fromZero: boolean): Range {
  const { min, max, width, counts } = histogram;
  const ends = (low: number, high: number): Range => {
    const from = fromZero ? 0 : low;
    const step = (high - from) / STEPS;
    return step > 0 && Number.isFinite(step) ? { low: from, step } : { low: from, step: 1 };
  };
  const first = counts.findIndex((count) => count > 0);
  if (width === 0 || first < 0 || criterion === "minmax") return ends(min, max);
  const last = counts.findLastIndex((count) => count > 0);
  const used = counts.slice(first, last + 1);
  const values = Float64Array.from(used, (_, i) => histogram.middle(first + i));
  const [low, high] =
    criterion === "mse" ? leastSquares(values, used, fromZero) : percentiles(used, histogram.size);
  // The outermost bins end where the numbers do.
  const at = (i: number) => Math.min(max, Math.max(min, values[i]!));
  return ends(low === 0 ? min : at(low), high === used.length - 1 ? max : at(high));
}
