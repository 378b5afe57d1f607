/**
 * Bootstrap over patients: how far figures would stray, had other patients come.
 *
 * Scores are sorted once; a replicate costs one walk down each ranking (`ranked-runs.ts`) with the weights that its
 * patients have (`patient-draws.ts`).
 *
 * Knows:      numbers, and which of them are of one patient. Unknown truths (NaN) take no part, but their patients do.
 * Reference:  Efron and Tibshirani, An Introduction to the Bootstrap, 1993, chapters 8 and 13.
 */

import { counted } from "../text.ts";
import { badInput } from "./known.ts";
import { type BootstrapOptions, PatientDraws, type Patients } from "./patient-draws.ts";
import { rankedRuns } from "./ranked-runs.ts";
import { rankingOf } from "./ranking.ts";
import {
  type BootstrapFigure,
  differenceOf,
  figureOf,
  meanOfPresent,
  type Replicated,
  resample,
} from "./replicated.ts";

/**
 * A figure of weighted images, each counting as often as its weight says.
 *
 * @param weights  One for each image, whole numbers, 0 or more. The same array every time: not to be kept or changed.
 * @returns        Null where these images have no such figure.
 */
export type WeightedStatistic = (weights: Float64Array) => number | null;

/**
 * Percentile interval of any figure of one finding, or of several.
 *
 * The difference of two figures of the same images is itself such a figure, and is compared on the same draws, as it must be:
 * `(weights) => (f(weights) ?? NaN) - (g(weights) ?? NaN)`, for null − null would be 0.
 *
 * @param statistic  Called once with all weights 1, then for each draw. NaN means the same as null.
 * @param patients   One for each image. Of fewer than ten there is no interval; how many of them have a finding is the
 *                   statistic's to know.
 * @param options    How patients are drawn.
 * @returns          Null where the images themselves have no such figure.
 * @throws           XrayError `evaluation/bad-replicates`, `evaluation/bad-level`, and what the statistic throws.
 *
 * @example
 * const ages = [44, 51, 67, 70, 38, 59, 62, 73, 55, 48];
 * const meanAge = (weights: Float64Array) => {
 *   const total = weights.reduce((sum, weight) => sum + weight, 0);
 *   return ages.reduce((sum, age, i) => sum + age * weights[i]!, 0) / total;
 * };
 * bootstrapStatistic(meanAge, ages.map((_, i) => `patient ${i}`))?.value; // 56.7
 */
export function bootstrapStatistic(
  statistic: WeightedStatistic,
  patients: Patients,
  options: BootstrapOptions = {},
): BootstrapFigure | null {
  const drawing = new PatientDraws(patients, options);
  const value = statistic(new Float64Array(patients.length).fill(1)) ?? Number.NaN;
  if (Number.isNaN(value)) return null;
  const draws = new Float64Array(drawing.replicates);
  drawing.forEach((weights, replicate) => {
    draws[replicate] = statistic(weights) ?? Number.NaN;
  });
  return figureOf({ value, draws, patients: drawing.patients }, drawing.level);
}

/** AUROC and average precision of one finding, or their means; null where a class is missing. */
export interface RankIntervals {
  readonly auroc: BootstrapFigure | null;
  readonly averagePrecision: BootstrapFigure | null;
}

/** Figures of several findings, and their means. */
export interface FindingsBootstrap {
  /** In the order given. */
  readonly findings: readonly RankIntervals[];
  /** Over the findings that have both classes; null where none has. */
  readonly mean: RankIntervals;
}

/** AUROC and average precision, or differences of them, with their replicates. */
interface RankPair {
  readonly auroc: Replicated;
  readonly averagePrecision: Replicated;
}

function withIntervals(findings: readonly RankPair[], level: number): FindingsBootstrap {
  const intervals = ({ auroc, averagePrecision }: RankPair): RankIntervals => ({
    auroc: figureOf(auroc, level),
    averagePrecision: figureOf(averagePrecision, level),
  });
  return {
    findings: findings.map(intervals),
    mean: intervals({
      auroc: meanOfPresent(findings.map(({ auroc }) => auroc)),
      averagePrecision: meanOfPresent(findings.map(({ averagePrecision }) => averagePrecision)),
    }),
  };
}

/** Throws `evaluation/bad-input` unless there is one patient for each image. */
export function checkPatients(
  findings: readonly { readonly truths: ArrayLike<number> }[],
  patients: Patients,
): void {
  for (const [finding, { truths }] of findings.entries()) {
    if (truths.length === patients.length) continue;
    const details = { finding, length: truths.length, patients: patients.length };
    throw badInput(
      `the patients and labels differ in number: ${counted(patients.length, "patient")} for ${counted(truths.length, "label")}`,
      details,
    );
  }
}

/** What is known of one finding, and how it was scored: one number for each image. */
export interface ScoredFinding {
  /** Higher for positive; ±∞ are numbers, NaN is one only where the truth is unknown. */
  readonly scores: ArrayLike<number>;
  /** 1, 0, or NaN where nothing is known. */
  readonly truths: ArrayLike<number>;
}

/**
 * Percentile intervals of AUROC and average precision, of each finding and of the means over findings.
 *
 * A replicate without a positive or without a negative of a finding has no figure of it and is left out of that finding's
 * interval. It is left out of the means' intervals too: a mean over fewer findings would be another figure, higher or
 * lower by which of them is missing. Findings that lack a class from the start take no part in the means.
 *
 * @param findings  All of the same images, in the same order. Not modified, as `patients`.
 * @param patients  One for each image.
 * @throws          XrayError `evaluation/bad-input`, `evaluation/bad-replicates`, `evaluation/bad-level`.
 *
 * @example
 * const scores = [0.9, 0.8, 0.7, 0.6, 0.55, 0.5, 0.4, 0.3, 0.2, 0.1];
 * const truths = [1, 1, 0, 1, 1, 0, 0, 1, 0, 0];
 * const patients = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "k"]; // whose each image is
 * const { findings } = bootstrapFindings([{ scores, truths }], patients, { replicates: 1000, seed: 0 });
 * findings[0]?.auroc?.value; // 0.8
 * findings[0]?.auroc?.interval; // the 95 % interval, { low, high }
 */
export function bootstrapFindings(
  findings: readonly ScoredFinding[],
  patients: Patients,
  options: BootstrapOptions = {},
): FindingsBootstrap {
  checkPatients(findings, patients);
  const draws = new PatientDraws(patients, options);
  const rankings = findings.map(({ scores, truths }) => rankedRuns(rankingOf(scores, truths)));
  return withIntervals(resample(rankings, draws), draws.level);
}

/** One finding, scored twice on the same images: one number for each image. */
export interface ComparedFinding {
  /** Higher for positive; ±∞ are numbers, NaN is one only where the truth is unknown. */
  readonly first: ArrayLike<number>;
  /** The same; the scale may be another. */
  readonly second: ArrayLike<number>;
  /** 1, 0, or NaN where nothing is known. */
  readonly truths: ArrayLike<number>;
}

/**
 * As `bootstrapFindings`, of the differences first − second: both sets of scores are judged on the same draws.
 *
 * @returns  Differences, −1 to 1. An interval without 0 is a difference that other patients would hardly take away.
 *
 * @example
 * const first = [0.9, 0.8, 0.7, 0.6, 0.55, 0.5, 0.4, 0.3, 0.2, 0.1];
 * const truths = [1, 1, 0, 1, 1, 0, 0, 1, 0, 0];
 * const patients = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "k"]; // whose each image is
 * const second = [0.9, 0.3, 0.7, 0.8, 0.6, 0.2, 0.4, 0.5, 0.1, 0.05];
 * const { findings } = bootstrapDifferences([{ first, second, truths }], patients);
 * findings[0]?.auroc; // { value, interval, … } of first − second
 */
export function bootstrapDifferences(
  findings: readonly ComparedFinding[],
  patients: Patients,
  options: BootstrapOptions = {},
): FindingsBootstrap {
  checkPatients(findings, patients);
  const draws = new PatientDraws(patients, options);
  const rankings = findings.flatMap(({ first, second, truths }) =>
    [first, second].map((scores) => rankedRuns(rankingOf(scores, truths))),
  );
  const figures = resample(rankings, draws);
  const differences = findings.map((_, i): RankPair => {
    const [one, other] = [figures[2 * i]!, figures[2 * i + 1]!];
    return {
      auroc: differenceOf(one.auroc, other.auroc),
      averagePrecision: differenceOf(one.averagePrecision, other.averagePrecision),
    };
  });
  return withIntervals(differences, draws.level);
}
