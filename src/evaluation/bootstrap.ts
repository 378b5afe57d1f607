/**
 * Bootstrap over patients: how far figures would stray, had other patients come.
 *
 * Images of one patient resemble each other, so patients are what is drawn, with replacement and as many as there are,
 * and all images of a patient come together. To draw images one by one would make intervals too narrow.
 *
 * A replicate is not a new data set but weights on the old one, the number of times that each image's patient was drawn:
 * scores are sorted once, and a replicate costs one walk down each ranking. Each replicate has a stream of random
 * numbers of its own, and patients are drawn in the order of their names, so that an interval depends on the seed and
 * the data alone, not on the order of either.
 *
 * Knows:      numbers, and which of them are of one patient. Unknown truths (NaN) take no part, but their patients do.
 * Reference:  Efron and Tibshirani, An Introduction to the Bootstrap, 1993, chapters 8 and 13; Rutter, Bootstrap
 *             estimation of diagnostic accuracy with patient-clustered data, Academic Radiology 7, 2000.
 */

import { XrayError } from "../errors.ts";
import { Random } from "../random.ts";
import { checkLevel, DEFAULT_LEVEL, type Interval, percentileInterval } from "./intervals.ts";
import { badInput } from "./known.ts";
import { type RankFigures, rankingOf, weightedFigures } from "./ranking.ts";

/** The patient of each image: numbers or names, told apart by how they are written. */
export type Patients = ArrayLike<number> | ArrayLike<string>;

export interface BootstrapOptions {
  /** How many times patients are drawn: 1 or more; by default 1,000. */
  readonly replicates?: number;
  /** By default 0. */
  readonly seed?: number;
  /** Of the intervals, between 0 and 1; by default 0.95. */
  readonly level?: number;
}

/** A figure with the interval that its replicates span. */
export interface BootstrapFigure {
  /** Of the images as they are. */
  readonly value: number;
  /** Percentile interval; null where there are fewer than two patients, or most replicates lack the figure. */
  readonly interval: Interval | null;
  /** How many replicates the interval stands on. */
  readonly replicates: number;
  /** Those that lack the figure, for want of a positive or of a negative. */
  readonly leftOut: number;
}

/**
 * A figure of weighted images, each counting as often as its weight says.
 *
 * @param weights  One for each image, whole numbers, 0 or more. The same array every time: not to be kept or changed.
 * @returns        Null where these images have no such figure.
 */
export type WeightedStatistic = (weights: Float64Array) => number | null;

const DEFAULT_REPLICATES = 1_000;

/** Options, checked, and who is drawn. */
interface Plan {
  readonly replicates: number;
  readonly seed: number;
  readonly level: number;
  /** Of each image, the index of its patient in the order of their names. */
  readonly patientOf: Uint32Array;
  readonly patients: number;
}

function planOf(patients: Patients, options: BootstrapOptions): Plan {
  const { replicates = DEFAULT_REPLICATES, seed = 0, level = DEFAULT_LEVEL } = options;
  checkLevel(level);
  if (!(Number.isInteger(replicates) && replicates >= 1)) {
    throw new XrayError(
      "evaluation/bad-replicates",
      `patients cannot be drawn ${replicates} times; it must be a whole number, 1 or more`,
      { replicates },
    );
  }
  const names = Array.from(patients as ArrayLike<number | string>, String);
  const indices = new Map([...new Set(names)].sort().map((name, index) => [name, index]));
  const patientOf = Uint32Array.from(names, (name) => indices.get(name)!);
  return { replicates, seed, level, patientOf, patients: indices.size };
}

/** One figure's replicates, NaN where it is missing; none of a single patient, who could only be drawn again. */
const noReplicates = ({ replicates, patients }: Plan): Float64Array =>
  new Float64Array(patients < 2 ? 0 : replicates).fill(Number.NaN);

/** Draw patients, and hand out the images' weights, as many times as there are replicates. */
function forEachReplicate(plan: Plan, visit: (weights: Float64Array, replicate: number) => void): void {
  const { replicates, seed, patientOf, patients } = plan;
  if (patients < 2) return;
  const times = new Float64Array(patients);
  const weights = new Float64Array(patientOf.length);
  for (let replicate = 0; replicate < replicates; replicate++) {
    const random = Random.of(seed, "bootstrap", replicate);
    times.fill(0);
    for (let i = 0; i < patients; i++) times[random.int(patients)]! += 1;
    for (let i = 0; i < weights.length; i++) weights[i] = times[patientOf[i]!]!;
    visit(weights, replicate);
  }
}

function figureOf(value: number, replicates: Float64Array, { level }: Plan): BootstrapFigure {
  let missing = 0;
  for (const replicate of replicates) if (Number.isNaN(replicate)) missing++;
  // Replicates that have the figure are a choice of them: where they are the fewer, their interval means nothing.
  const interval = 2 * missing > replicates.length ? null : percentileInterval(replicates, level);
  return { value, interval, replicates: replicates.length - missing, leftOut: missing };
}

/**
 * Percentile interval of any figure of one finding, or of several.
 *
 * The difference of two figures of the same images is itself such a figure: `(weights) => f(weights) - g(weights)` is
 * compared on the same draws, as it must be.
 *
 * @param patients  One for each image.
 * @returns         Null where the images themselves have no such figure.
 * @throws          XrayError `evaluation/bad-replicates`, `evaluation/bad-level`.
 */
export function bootstrapStatistic(
  statistic: WeightedStatistic,
  patients: Patients,
  options: BootstrapOptions = {},
): BootstrapFigure | null {
  const plan = planOf(patients, options);
  const value = statistic(new Float64Array(patients.length).fill(1));
  if (value === null || Number.isNaN(value)) return null;
  const replicates = noReplicates(plan);
  forEachReplicate(plan, (weights, replicate) => {
    replicates[replicate] = statistic(weights) ?? Number.NaN;
  });
  return figureOf(value, replicates, plan);
}

/** AUROC and average precision of one finding, or their means; null where a class is missing. */
export interface RankIntervals {
  readonly auroc: BootstrapFigure | null;
  readonly averagePrecision: BootstrapFigure | null;
}

export interface FindingsBootstrap {
  /** In the order given. */
  readonly findings: readonly RankIntervals[];
  /** Over the findings that have both classes; null where none has. */
  readonly mean: RankIntervals;
}

/** Intervals of all findings and of their means, from the same draws. */
function bootstrapAll(
  figures: readonly ((weights: Float64Array) => RankFigures | null)[],
  patients: Patients,
  options: BootstrapOptions,
): FindingsBootstrap {
  const plan = planOf(patients, options);
  const ones = new Float64Array(patients.length).fill(1);
  const columns = figures.map((figure) => ({
    figure,
    value: figure(ones),
    auroc: noReplicates(plan),
    averagePrecision: noReplicates(plan),
  }));
  const judged = columns.filter(({ value }) => value !== null);
  forEachReplicate(plan, (weights, replicate) => {
    for (const { figure, auroc, averagePrecision } of judged) {
      const found = figure(weights);
      if (found === null) continue;
      auroc[replicate] = found.auroc;
      averagePrecision[replicate] = found.averagePrecision;
    }
  });
  const meanOf = (kind: keyof RankFigures): BootstrapFigure | null => {
    if (judged.length === 0) return null;
    const mean = (of: (column: (typeof judged)[number]) => number) =>
      judged.reduce((sum, column) => sum + of(column), 0) / judged.length;
    // One finding without a figure makes the mean NaN, and so leaves the replicate out.
    const replicates = noReplicates(plan).map((_, replicate) => mean((column) => column[kind][replicate]!));
    return figureOf(
      mean(({ value }) => value![kind]),
      replicates,
      plan,
    );
  };
  return {
    findings: columns.map(({ value, auroc, averagePrecision }) => ({
      auroc: value && figureOf(value.auroc, auroc, plan),
      averagePrecision: value && figureOf(value.averagePrecision, averagePrecision, plan),
    })),
    mean: { auroc: meanOf("auroc"), averagePrecision: meanOf("averagePrecision") },
  };
}

function checkLengths(findings: readonly { readonly truths: ArrayLike<number> }[], patients: Patients): void {
  for (const [finding, { truths }] of findings.entries()) {
    if (truths.length === patients.length) continue;
    const details = { finding, length: truths.length, patients: patients.length };
    throw badInput(`there are ${patients.length} patients for ${truths.length} labels`, details);
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
 */
export function bootstrapFindings(
  findings: readonly ScoredFinding[],
  patients: Patients,
  options: BootstrapOptions = {},
): FindingsBootstrap {
  checkLengths(findings, patients);
  const rankings = findings.map(({ scores, truths }) => rankingOf(scores, truths));
  const figures = rankings.map((ranking) => (weights: Float64Array) => weightedFigures(ranking, weights));
  return bootstrapAll(figures, patients, options);
}

/** One finding, scored twice on the same images. */
export interface ComparedFinding {
  readonly first: ArrayLike<number>;
  readonly second: ArrayLike<number>;
  readonly truths: ArrayLike<number>;
}

/**
 * As `bootstrapFindings`, of the differences first − second: both sets of scores are judged on the same draws, so that
 * what is hard for both does not blur what tells them apart.
 *
 * @returns  Differences, −1 to 1. An interval without 0 is a difference that other patients would hardly take away.
 */
export function bootstrapDifferences(
  findings: readonly ComparedFinding[],
  patients: Patients,
  options: BootstrapOptions = {},
): FindingsBootstrap {
  checkLengths(findings, patients);
  const figures = findings.map(({ first, second, truths }) => {
    const a = rankingOf(first, truths);
    const b = rankingOf(second, truths);
    return (weights: Float64Array): RankFigures | null => {
      const one = weightedFigures(a, weights);
      const other = weightedFigures(b, weights);
      if (one === null || other === null) return null;
      return {
        auroc: one.auroc - other.auroc,
        averagePrecision: one.averagePrecision - other.averagePrecision,
      };
    };
  });
  return bootstrapAll(figures, patients, options);
}
