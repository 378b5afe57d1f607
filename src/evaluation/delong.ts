/**
 * DeLong's variance of an AUROC, its confidence interval, and the test of two AUROCs on the same images.
 *
 * An AUROC is a mean over pairs. Each positive has a component V10, the share of negatives that it beats, ties counting
 * half, and each negative a component V01, the share of positives that beat it; their mean is the AUROC, and their
 * variances, S10 over the m positives and S01 over the n negatives, give its variance S10 / m + S01 / n. By definition
 * they take m · n comparisons; as V10 = (midrank among all − midrank among the positives) / n, one sorting is enough.
 * Here both midranks are counted in one walk down the ranking, as whole numbers, so that they have no rounding.
 *
 * It holds for images that are independent of each other. Of patients with several images, take `bootstrap.ts`.
 *
 * Knows:      numbers. Unknown truths (NaN) take no part.
 * Reference:  DeLong, DeLong and Clarke-Pearson, Comparing the areas under two or more correlated receiver operating
 *             characteristic curves: a nonparametric approach, Biometrics 44, 1988; Sun and Xu, Fast implementation of
 *             DeLong's algorithm, IEEE Signal Processing Letters 21, 2014; Pepe, The Statistical Evaluation of Medical
 *             Tests for Classification and Prediction, 2003, p. 107 (logit interval).
 */

import { checkLevel, DEFAULT_LEVEL, type Interval } from "./intervals.ts";
import { normalCdf, normalQuantile } from "./normal.ts";
import { type Ranking, rankingOf } from "./ranking.ts";

/** What each image adds to an AUROC. */
interface Components {
  /**
   * For each positive, twice the negatives that it beats; for each negative, twice the positives that beat it; a draw
   * counts 1. Whole numbers, V10 · 2n and V01 · 2m, in the order of the images; nothing where the truth is unknown.
   */
  readonly doubled: Float64Array;
  /** m. */
  readonly positives: number;
  /** n. */
  readonly negatives: number;
  readonly auroc: number;
  /** For each image, 1 or 0 where it is a positive or a negative, else 2. */
  readonly classes: Uint8Array;
}

/** Null where there is no positive or no negative. */
function componentsOf(ranking: Ranking): Components | null {
  const { order, isPositive, endsGroup, positives, negatives } = ranking;
  if (positives === 0 || negatives === 0) return null;
  const length = 1 + order.reduce((last, i) => Math.max(last, i), 0);
  const doubled = new Float64Array(length);
  const classes = new Uint8Array(length).fill(2);
  for (let k = 0; k < order.length; k++) classes[order[k]!] = isPositive[k]!;
  let sum = 0;
  let start = 0;
  let positivesAbove = 0;
  let negativesAbove = 0;
  for (let end = 1; end <= order.length; end++) {
    if (endsGroup[end - 1] === 0) continue;
    let groupPositives = 0;
    for (let k = start; k < end; k++) groupPositives += isPositive[k]!;
    const groupNegatives = end - start - groupPositives;
    const ofPositive = 2 * (negatives - negativesAbove) - groupNegatives;
    const ofNegative = 2 * positivesAbove + groupPositives;
    for (let k = start; k < end; k++) doubled[order[k]!] = isPositive[k] === 1 ? ofPositive : ofNegative;
    sum += groupPositives * ofPositive;
    positivesAbove += groupPositives;
    negativesAbove += groupNegatives;
    start = end;
  }
  return { doubled, positives, negatives, auroc: sum / (2 * positives * negatives), classes };
}

/** Sum over the images of one class of (a − mean of a) · (b − mean of b), in the order of the images. */
function crossProduct(a: Float64Array, b: Float64Array, classes: Uint8Array, wanted: 0 | 1): number {
  let count = 0;
  let sumA = 0;
  let sumB = 0;
  for (let i = 0; i < classes.length; i++) {
    if (classes[i] !== wanted) continue;
    count++;
    sumA += a[i]!;
    sumB += b[i]!;
  }
  const meanA = sumA / count;
  const meanB = sumB / count;
  let sum = 0;
  for (let i = 0; i < classes.length; i++) {
    if (classes[i] === wanted) sum += (a[i]! - meanA) * (b[i]! - meanB);
  }
  return sum;
}

/** S10 / m + S01 / n; null where a class has one example, whose variance cannot be told. */
function covarianceOf(
  a: Float64Array,
  b: Float64Array,
  { positives, negatives, classes }: Components,
): number | null {
  if (positives < 2 || negatives < 2) return null;
  const s10 = crossProduct(a, b, classes, 1) / (positives - 1) / (4 * negatives ** 2);
  const s01 = crossProduct(a, b, classes, 0) / (negatives - 1) / (4 * positives ** 2);
  return s10 / positives + s01 / negatives;
}

/** An AUROC with its variance. */
export interface AurocEstimate {
  /** 0 to 1. */
  readonly auroc: number;
  /** 0 or more; null where a class has fewer than two examples, as DeLong's S10 and S01 divide by m − 1 and n − 1. */
  readonly variance: number | null;
  readonly positives: number;
  readonly negatives: number;
}

/**
 * AUROC and DeLong's variance of it.
 *
 * @param scores  Higher for positive; ±∞ are numbers, NaN is one only where the truth is unknown.
 * @param truths  1, 0, or NaN where nothing is known; of the same length. Neither is modified.
 * @returns       Null where there is no positive or no negative. The variance is 0 where the classes do not overlap or
 *                all scores are equal: that few images show no spread does not mean that there is none.
 * @throws        XrayError `evaluation/bad-input`.
 * @see           DeLong et al. 1988, equations 3 to 6; pROC's var(method = "delong").
 *
 * @example
 * delongAuroc([0.9, 0.8, 0.4, 0.1], [1, 0, 1, 0]); // { auroc: 0.75, variance: 0.125, positives: 2, negatives: 2 }
 */
export function delongAuroc(scores: ArrayLike<number>, truths: ArrayLike<number>): AurocEstimate | null {
  return delongOfRanking(rankingOf(scores, truths));
}

/** As `delongAuroc`, of scores that have been sorted. */
export function delongOfRanking(ranking: Ranking): AurocEstimate | null {
  const components = componentsOf(ranking);
  if (components === null) return null;
  const { doubled, positives, negatives, auroc } = components;
  return { auroc, variance: covarianceOf(doubled, doubled, components), positives, negatives };
}

/** Normal interval around a centre, cut to lowest … 1. */
function plainInterval(centre: number, error: number, level: number, lowest: number): Interval {
  const reach = normalQuantile((1 + level) / 2) * error;
  return { low: Math.max(lowest, centre - reach), high: Math.min(1, centre + reach) };
}

/**
 * Confidence interval of an AUROC.
 *
 * `logit` takes the log odds, L = ln(A / (1 − A)), as normal with a standard error of √variance / (A (1 − A)), and goes
 * back: it stays within 0 … 1 and is skewed towards ½, as it should near an end. `plain` takes A itself as normal, and is
 * cut to 0 … 1, as pROC's. Where a class is small, both are too short, and the more so the higher the AUROC: with 15
 * positives and 300 negatives, and an AUROC of 0.80, 95 % intervals hold it 93 (`logit`) and 91 times in 100 (`plain`);
 * of 0.96, 87 and 80 times.
 *
 * @param level  Share of such intervals that hold the true AUROC; between 0 and 1.
 * @returns      Null where there is no variance, and of `logit` also where it is 0: where classes do not overlap, or all
 *               scores are equal, it tells nothing of the AUROC's error. `plain` gives A … A there, as pROC.
 * @throws       XrayError `evaluation/bad-level`.
 *
 * @example
 * const estimate = { auroc: 0.8, variance: 0.001, positives: 50, negatives: 200 };
 * delongInterval(estimate); // { low: 0.7308, high: 0.8549 }
 */
export function delongInterval(
  { auroc, variance }: AurocEstimate,
  level: number = DEFAULT_LEVEL,
  scale: "logit" | "plain" = "logit",
): Interval | null {
  checkLevel(level);
  if (variance === null) return null;
  if (scale === "plain") return plainInterval(auroc, Math.sqrt(variance), level, 0);
  if (variance === 0) return null;
  const centre = Math.log(auroc / (1 - auroc));
  const reach = (normalQuantile((1 + level) / 2) * Math.sqrt(variance)) / (auroc * (1 - auroc));
  return { low: 1 / (1 + Math.exp(reach - centre)), high: 1 / (1 + Math.exp(-reach - centre)) };
}

/**
 * Covariance of the AUROCs of two sets of scores on the same images. Arguments and errors as of `delongTest`.
 *
 * @returns  Within −½ to ½, and near 0 of many examples; null where a class has fewer than two examples.
 * @see      DeLong et al. 1988, equation 5; pROC's cov(method = "delong").
 *
 * @example
 * const first = [0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2];
 * const second = [0.9, 0.5, 0.7, 0.8, 0.6, 0.2, 0.4, 0.3];
 * const truths = [1, 1, 0, 1, 0, 1, 0, 0];
 * delongCovariance(first, second, truths); // 0.026042
 */
export function delongCovariance(
  first: ArrayLike<number>,
  second: ArrayLike<number>,
  truths: ArrayLike<number>,
): number | null {
  const a = componentsOf(rankingOf(first, truths));
  const b = componentsOf(rankingOf(second, truths));
  return a === null || b === null ? null : covarianceOf(a.doubled, b.doubled, a);
}

/** Two AUROCs on the same images. */
export interface AurocComparison {
  readonly first: number;
  readonly second: number;
  /** First − second. */
  readonly difference: number;
  /** Of the difference. */
  readonly standardError: number;
  /** Plain normal, cut to −1 … 1; null where `z` is. */
  readonly interval: Interval | null;
  /** Difference over standard error; null where the difference has no variance and is not 0. */
  readonly z: number | null;
  /** Two-sided: the chance of a |z| at least as large, were both AUROCs the same; null where `z` is. */
  readonly p: number | null;
}

/**
 * DeLong's test: do two sets of scores tell the same images apart equally well?
 *
 * The variance of the difference, Var A + Var B − 2 Cov(A, B), is taken of the differences of components, so that it
 * cannot come out below 0. Scores that rank alike have z = 0 and p = 1, as in pROC.
 *
 * @param first   Scores, higher for positive; ±∞ are numbers, NaN is one only where the truth is unknown.
 * @param second  Of the same images, in the same order; the scale may be another.
 * @param truths  1, 0, or NaN where nothing is known. None of the three is modified.
 * @param level   Of the difference's interval, between 0 and 1.
 * @returns       Null where a class has fewer than two examples.
 * @throws        XrayError `evaluation/bad-input`, `evaluation/bad-level`.
 * @see           DeLong et al. 1988, equation 8; pROC's roc.test(method = "delong", paired = TRUE).
 *
 * @example
 * const first = [0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2];
 * const second = [0.9, 0.5, 0.7, 0.8, 0.6, 0.2, 0.4, 0.3];
 * const truths = [1, 1, 0, 1, 0, 1, 0, 0];
 * delongTest(first, second, truths); // { difference: 0.1875, z: 0.9487, p: 0.3428 }
 */
export function delongTest(
  first: ArrayLike<number>,
  second: ArrayLike<number>,
  truths: ArrayLike<number>,
  level: number = DEFAULT_LEVEL,
): AurocComparison | null {
  checkLevel(level);
  const a = componentsOf(rankingOf(first, truths));
  const b = componentsOf(rankingOf(second, truths));
  if (a === null || b === null) return null;
  const apart = a.doubled.map((value, i) => value - b.doubled[i]!);
  const variance = covarianceOf(apart, apart, a);
  if (variance === null) return null;
  const difference = a.auroc - b.auroc;
  const standardError = Math.sqrt(variance);
  const areas = { first: a.auroc, second: b.auroc, difference, standardError };
  if (variance === 0 && difference !== 0) return { ...areas, interval: null, z: null, p: null };
  const z = variance === 0 ? 0 : difference / standardError;
  const interval = plainInterval(difference, standardError, level, -1);
  return { ...areas, interval, z, p: 2 * normalCdf(-Math.abs(z)) };
}
