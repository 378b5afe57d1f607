/**
 * Calibration: do probabilities mean what they say? The Brier score, the bins of a reliability diagram, and the
 * expected calibration error over them.
 *
 * A finding is judged by the probability of its presence (Naeini et al.), not by the confidence in the likelier of its
 * two answers (Guo et al.).
 *
 * Knows:      probabilities. Unknown truths (NaN) take no part.
 * Reference:  Brier, Verification of forecasts expressed in terms of probability, 1950; Naeini et al., Obtaining well
 *             calibrated probabilities using Bayesian binning, AAAI 2015; Guo et al., On calibration of modern neural
 *             networks, ICML 2017; scikit-learn's brier_score_loss and calibration_curve.
 */

import { XrayError } from "../errors.ts";
import { knownProbabilities } from "./known.ts";
import { rocCounts } from "./roc.ts";

/**
 * Brier score: the mean of (probability − truth)².
 *
 * @param probabilities  0 to 1; anything where the truth is unknown.
 * @param truths         1, 0, or NaN where nothing is known; of the same length. Neither is modified.
 * @returns              0, where all are certain and right, to 1; null where nothing is known. One class is enough.
 * @throws               XrayError `evaluation/bad-input`.
 *
 * @example
 * brierScore([0.9, 0.8, 0.4, 0.1], [1, 0, 1, 0]); // 0.255
 */
export function brierScore(probabilities: ArrayLike<number>, truths: ArrayLike<number>): number | null {
  const known = knownProbabilities(probabilities, truths);
  const { length } = known.scores;
  if (length === 0) return null;
  let sum = 0;
  for (let i = 0; i < length; i++) sum += (known.scores[i]! - known.truths[i]!) ** 2;
  return sum / length;
}

/**
 * How probabilities are put into bins, as scikit-learn's calibration_curve does ("uniform", "quantile"):
 *
 * - `equal-width`: bin k of n, from 0, holds k/n < probability ≤ (k + 1)/n; the first also 0. A bound belongs to the
 *   bin below it.
 * - `equal-mass`: the bounds are the n-quantiles of the probabilities, interpolated linearly; again a bound belongs to
 *   the bin below it. Equal probabilities share a bin, so that bins hold equally many only where few are equal.
 */
export interface Binning {
  readonly kind: "equal-width" | "equal-mass";
  /** How many bins; a whole number, at least 1. */
  readonly count: number;
}

/** Ten bins of a tenth each, the convention where none is named; Guo et al. take 15. */
export const TEN_EQUAL_WIDTHS: Binning = { kind: "equal-width", count: 10 };

/** Ten bins of equally many: for pictures of findings so rare that all probabilities are low. */
export const TEN_EQUAL_MASSES: Binning = { kind: "equal-mass", count: 10 };

/** A bar of a reliability diagram. */
export interface ReliabilityBin {
  /** Examples in the bin. */
  readonly count: number;
  /** Mean of their probabilities; null in an empty bin. */
  readonly meanProbability: number | null;
  /** Share of positives among them; null in an empty bin. */
  readonly observedShare: number | null;
}

/** The bin of `count` equal ones, compared with its bounds themselves: 0.07 · 100 is over 7, but 0.07 is 7/100. */
function binByWidth(probability: number, count: number): number {
  let bin = Math.max(Math.ceil(probability * count) - 1, 0);
  while (bin > 0 && probability <= bin / count) bin--;
  while (probability > (bin + 1) / count) bin++;
  return bin;
}

/**
 * The equal-mass bin of a probability that is higher than `below` of `total`. The k-th of n-quantiles lies at rank
 * k · (total − 1) / n, from 0, and is lower than the probability where that is less than `below`. Such k are counted in
 * whole numbers; scikit-learn's quantiles round where they fall upon a probability.
 */
function binByMass(below: number, total: number, count: number): number {
  return below === 0 ? 0 : Math.ceil((below * count) / (total - 1)) - 1;
}

function checkCount(count: number): void {
  if (Number.isInteger(count) && count > 0) return;
  const problem = `there cannot be ${count} bins; give a whole number, 1 or more`;
  throw new XrayError("evaluation/bad-bins", problem, { count });
}

/**
 * The bins of a reliability diagram. Equal probabilities are added up together, from the highest down, so that the
 * order of examples changes no bit. Arguments as of `brierScore`.
 *
 * @returns  `binning.count` bins from 0 up, empty ones among them.
 * @throws   XrayError `evaluation/bad-input`, `evaluation/bad-bins`.
 *
 * @example
 * const bins = reliabilityBins([0.9, 0.8, 0.4, 0.1], [1, 0, 1, 0], { kind: "equal-width", count: 2 });
 * bins[1]; // { count: 2, meanProbability: 0.85, observedShare: 0.5 }
 */
export function reliabilityBins(
  probabilities: ArrayLike<number>,
  truths: ArrayLike<number>,
  binning: Binning = TEN_EQUAL_WIDTHS,
): ReliabilityBin[] {
  const { kind, count } = binning;
  checkCount(count);
  const known = knownProbabilities(probabilities, truths);
  const { thresholds, truePositives, falsePositives } = rocCounts(known.scores, known.truths);
  const total = known.scores.length;
  const [counts, sums, hits] = [new Float64Array(count), new Float64Array(count), new Float64Array(count)];
  let [called, found] = [0, 0];
  for (let i = 0; i < thresholds.length; i++) {
    const probability = thresholds[i]!;
    const size = truePositives[i]! + falsePositives[i]! - called;
    called += size;
    const bin =
      kind === "equal-width" ? binByWidth(probability, count) : binByMass(total - called, total, count);
    counts[bin]! += size;
    sums[bin]! += probability * size;
    hits[bin]! += truePositives[i]! - found;
    found = truePositives[i]!;
  }
  return Array.from(counts, (size, bin) => ({
    count: size,
    meanProbability: size === 0 ? null : sums[bin]! / size,
    observedShare: size === 0 ? null : hits[bin]! / size,
  }));
}

/**
 * Expected calibration error: ECE = Σ (bin's count / all) · |observed share − mean probability|. It depends on the
 * bins, so they should be named beside it.
 *
 * @param bins  Of `reliabilityBins`.
 * @returns     0 to 1; null where all bins are empty.
 * @see         Guo et al., equation 3, with the probability of presence for the confidence.
 *
 * @example
 * const bins = reliabilityBins([0.9, 0.8, 0.4, 0.1], [1, 0, 1, 0], { kind: "equal-width", count: 2 });
 * expectedCalibrationError(bins); // 0.3
 */
export function expectedCalibrationError(bins: readonly ReliabilityBin[]): number | null {
  let [sum, total] = [0, 0];
  for (const { count, meanProbability, observedShare } of bins) {
    if (meanProbability === null || observedShare === null) continue;
    sum += count * Math.abs(observedShare - meanProbability);
    total += count;
  }
  return total === 0 ? null : sum / total;
}
