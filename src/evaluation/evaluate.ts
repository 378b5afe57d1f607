/**
 * All figures of an evaluation: each finding's, their mean, those of groups of images, and the gaps between these; every
 * interval from the same draws of patients.
 *
 * Knows:      numbers, and which patient each image is of. Not findings' names, models or files.
 * Reference:  the files of this room that each figure comes from.
 */

import { checkPatients, type ScoredFinding } from "./bootstrap.ts";
import { checkThreshold } from "./confusion.ts";
import { curvesOf, type FindingCurves } from "./curves.ts";
import {
  FINDING_FIGURES,
  type FindingFigures,
  findingFigures,
  RANK_FIGURES,
  type RankFigureName,
} from "./finding-figures.ts";
import { type Criterion, fitToCounts } from "./operating-points.ts";
import { type BootstrapOptions, PatientDraws, type Patients } from "./patient-draws.ts";
import { type PointFigures, pointFigures } from "./point-figures.ts";
import { rankedRuns } from "./ranked-runs.ts";
import { narrowed, type Ranking, rankingOf } from "./ranking.ts";
import { type ReliabilityBin, reliabilityBins, TEN_EQUAL_MASSES } from "./reliability.ts";
import {
  type BootstrapFigure,
  figureOf,
  meanOfPresent,
  type RankReplicates,
  resample,
} from "./replicated.ts";
import { rocCounts } from "./roc.ts";
import { type GroupGaps, groupGaps } from "./subgroup-gaps.ts";

/** A threshold that was fitted to these very images, and so flatters. */
export interface FittedPoint {
  readonly criterion: Criterion;
  /** Null where no threshold fulfils it. */
  readonly figures: PointFigures | null;
}

/** A finding's figures, and what is shown beside them. */
export interface JudgedFigures extends FindingFigures {
  readonly bins: readonly ReliabilityBin[];
  /** Bins with equal numbers of images; empty in groups. */
  readonly massBins: readonly ReliabilityBin[];
  /** At the threshold that was given. */
  readonly given: PointFigures;
  /** In the order of the criteria; empty in groups. */
  readonly fitted: readonly FittedPoint[];
}

/** One finding's figures. All but the counts are null where there is no positive or no negative. */
export interface FindingEvaluation {
  readonly positives: number;
  readonly negatives: number;
  /** Images of which nothing is known; they take no part. */
  readonly unknown: number;
  readonly figures: JudgedFigures | null;
}

/** Means over findings, of the figures that have intervals. */
export type MeanFigures = { readonly [K in RankFigureName]: BootstrapFigure | null };

/** An evaluation. */
export interface Evaluation {
  readonly images: number;
  readonly patients: number;
  /** In the order given. */
  readonly findings: readonly FindingEvaluation[];
  /** Over the findings that have both classes; null where none has. */
  readonly mean: { readonly findings: number } & MeanFigures;
}

/** A group's evaluation, and how far it is from its trait's other groups. */
export interface GroupEvaluation {
  readonly evaluation: Evaluation;
  readonly gaps: GroupGaps;
}

/** One finding's probabilities and truths, and its threshold. */
export interface EvaluatedFinding extends ScoredFinding {
  /** A finding is called present at or over it. */
  readonly threshold: number;
}

/** What is wanted, beyond figures of all images. */
export interface EvaluationOptions extends BootstrapOptions {
  /** How thresholds are fitted; Youden's J and the largest F1 unless given. */
  readonly criteria?: readonly Criterion[];
  /** Of each trait, groups of images, by their indices, no image in two; a trait of fewer than two has no figures. */
  readonly traits?: readonly (readonly ArrayLike<number>[])[];
  /** Whether curves with bands are wanted, which doubles the time; they are not unless said so. */
  readonly withCurves?: boolean;
}

/** All that came of it. */
export interface EvaluationResult {
  readonly all: Evaluation;
  /** In the order of the options' traits and groups. */
  readonly traits: readonly (readonly GroupEvaluation[])[];
  /** Of each finding; null where it has no figures, or where curves are not wanted. */
  readonly curves: readonly (FindingCurves | null)[];
}

const DEFAULT_CRITERIA: readonly Criterion[] = [{ kind: "youden" }, { kind: "f1" }];

/** Some of the images. */
interface Part {
  /** 1 for each image that belongs to it. */
  readonly isIncluded: Uint8Array;
  /** Of each finding. */
  readonly rankings: readonly Ranking[];
}

/** The values of a part's images. Where scores are float32, thresholds are rounded as they are, so that stays. */
function pick(values: ArrayLike<number>, isIncluded: Uint8Array): Float32Array | Float64Array {
  const is32 = values instanceof Float32Array;
  const picked = is32 ? new Float32Array(values.length) : new Float64Array(values.length);
  let count = 0;
  for (let i = 0; i < isIncluded.length; i++) if (isIncluded[i] === 1) picked[count++] = values[i]!;
  return picked.subarray(0, count);
}

/** Evaluates parts of one set of images. */
class Evaluator {
  readonly #findings: readonly EvaluatedFinding[];
  readonly #draws: PatientDraws;

  constructor(findings: readonly EvaluatedFinding[], draws: PatientDraws) {
    this.#findings = findings;
    this.#draws = draws;
  }

  #meansOf(replicates: readonly RankReplicates[]): MeanFigures {
    const means = RANK_FIGURES.map((name) => {
      const figures = replicates.map((one) => FINDING_FIGURES[name].of(one));
      return [name, figureOf(meanOfPresent(figures), this.#draws.level)];
    });
    return Object.fromEntries(means);
  }

  /**
   * The evaluation of a part.
   *
   * @param replicates  Of each finding; the first mark is its threshold, the others those fitted by the criteria.
   * @param fitted      For each finding, the thresholds that were fitted; null where there is none.
   */
  evaluate(
    { isIncluded, rankings }: Part,
    replicates: readonly RankReplicates[],
    criteria: readonly Criterion[] = [],
    fitted: readonly (readonly (number | null)[])[] = [],
  ): Evaluation {
    const { level } = this.#draws;
    const included = Uint32Array.from(isIncluded.keys()).filter((i) => isIncluded[i] === 1);
    const images = included.length;
    const findings = this.#findings.map((finding, f): FindingEvaluation => {
      const { positives, negatives } = rankings[f]!;
      const counts = { positives, negatives, unknown: images - positives - negatives };
      if (positives === 0 || negatives === 0) return { ...counts, figures: null };
      const [probabilities, truths] = [pick(finding.scores, isIncluded), pick(finding.truths, isIncluded)];
      const bins = reliabilityBins(probabilities, truths);
      const given = { probabilities, truths, bins, ranking: rankings[f]!, replicates: replicates[f]! };
      let mark = 0;
      const atThreshold = pointFigures(replicates[f]!, mark, finding.threshold, level);
      const points = criteria.map((criterion, c): FittedPoint => {
        const threshold = fitted[f]![c]!;
        const figures = threshold === null ? null : pointFigures(replicates[f]!, ++mark, threshold, level);
        return { criterion, figures };
      });
      return {
        ...counts,
        figures: {
          ...findingFigures(given, level),
          bins,
          massBins: criteria.length === 0 ? [] : reliabilityBins(probabilities, truths, TEN_EQUAL_MASSES),
          given: atThreshold,
          fitted: points,
        },
      };
    });
    return {
      images,
      patients: this.#draws.patientsOf(included),
      findings,
      mean: {
        findings: findings.filter(({ figures }) => figures !== null).length,
        ...this.#meansOf(replicates),
      },
    };
  }
}

/** A part of the images that all rankings are of. */
function partOf(rankings: readonly Ranking[], isIncluded: Uint8Array): Part {
  return { isIncluded, rankings: rankings.map((ranking) => narrowed(ranking, isIncluded)) };
}

/** A trait's groups; none where there are fewer than two. */
function partsOfTrait(
  rankings: readonly Ranking[],
  groups: readonly ArrayLike<number>[],
  images: number,
): Part[] {
  if (groups.length < 2) return [];
  return groups.map((group) => {
    const isIncluded = new Uint8Array(images);
    for (let i = 0; i < group.length; i++) isIncluded[group[i]!] = 1;
    return partOf(rankings, isIncluded);
  });
}

/**
 * Evaluate probabilities.
 *
 * @param findings  Each with one probability (0 to 1) and one truth (1, 0, or NaN where nothing is known) per image, and its
 *                  threshold, any number. Not modified.
 * @param patients  Whose each image is; intervals draw patients, with all of their images.
 * @param options   What is wanted beyond figures of all images; how patients are drawn.
 * @returns         Figures of all images, of each trait's groups, and curves. A finding that lacks a class has none.
 * @throws          XrayError `evaluation/bad-input` where lengths differ, a truth is none, or a known image's probability
 *                  is none; `evaluation/bad-threshold`, `evaluation/bad-target`, `evaluation/bad-replicates`,
 *                  `evaluation/bad-level`.
 *
 * @example
 * const scores = [0.9, 0.8, 0.7, 0.6, 0.55, 0.5, 0.4, 0.3, 0.2, 0.1];
 * const truths = [1, 1, 0, 1, 1, 0, 0, 1, 0, 0];
 * const patients = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "k"]; // whose each image is
 * const { all } = evaluate([{ scores, truths, threshold: 0.5 }], patients, { criteria: [{ kind: "youden" }] });
 * all.findings[0]?.figures?.auroc.value; // 0.8
 * all.findings[0]?.figures?.given.sensitivity; // 0.8
 */
export function evaluate(
  findings: readonly EvaluatedFinding[],
  patients: Patients,
  options: EvaluationOptions = {},
): EvaluationResult {
  const { criteria = DEFAULT_CRITERIA, traits = [], withCurves = false } = options;
  checkPatients(findings, patients);
  for (const { threshold } of findings) checkThreshold(threshold);
  const draws = new PatientDraws(patients, options);
  const rankings = findings.map(({ scores, truths }) => rankingOf(scores, truths));
  const fitted = findings.map(({ scores, truths }) => {
    const counts = rocCounts(scores, truths);
    return criteria.map((criterion) => fitToCounts(counts, criterion)?.threshold ?? null);
  });
  const runsOf = (part: Part, more: (f: number) => readonly (number | null)[] = () => []) =>
    part.rankings.map((ranking, f) => {
      const { scores, threshold } = findings[f]!;
      const marked = [threshold, ...more(f).filter((point) => point !== null)];
      return rankedRuns(ranking, { scores, thresholds: marked });
    });
  const whole: Part = { isIncluded: new Uint8Array(patients.length).fill(1), rankings };
  const wholeRuns = runsOf(whole, (f) => fitted[f]!);
  const parts = traits.map((groups) => partsOfTrait(rankings, groups, patients.length));
  const runs = [wholeRuns, ...parts.flat().map((part) => runsOf(part))];
  const drawn = resample(runs.flat(), draws);
  const replicatesOf = (index: number) => drawn.slice(index * findings.length, (index + 1) * findings.length);
  const evaluator = new Evaluator(findings, draws);
  const all = evaluator.evaluate(whole, replicatesOf(0), criteria, fitted);
  let index = 1;
  const evaluated = parts.map((groups) => {
    const replicates = groups.map(() => replicatesOf(index++));
    return groups.map(
      (part, g): GroupEvaluation => ({
        evaluation: evaluator.evaluate(part, replicates[g]!),
        gaps: groupGaps(replicates, g, draws.level),
      }),
    );
  });
  const judged = findings.flatMap((_, f) => (all.findings[f]!.figures === null ? [] : [f]));
  const curves: (FindingCurves | null)[] = findings.map(() => null);
  if (withCurves) {
    const found = curvesOf(
      judged.map((f) => wholeRuns[f]!),
      draws,
    );
    for (const [k, f] of judged.entries()) curves[f] = found[k]!;
  }
  return { all, traits: evaluated, curves };
}
