/**
 * The figures of a finding: the one table that types, schema, JSON, CSV, text and HTML come from.
 *
 * To add one, write its formula in a file of this folder and its row here; docs/evaluation.md says the rest ("Adding a
 * figure"). Rows stand in the order of JSON fields and columns.
 *
 * Knows:      which figures there are. Their formulas, with references, are in the files that they are imported from.
 */

import { delongInterval, delongOfRanking } from "./delong.ts";
import { type FigureRow, type FigureTable, ofEach } from "./figure.ts";
import type { Interval } from "./intervals.ts";
import type { Ranking } from "./ranking.ts";
import { brierScore, expectedCalibrationError, type ReliabilityBin, reliabilityBins } from "./reliability.ts";
import { type BootstrapFigure, figureOf, type RankReplicates, type Replicated } from "./replicated.ts";
import { scaledBrierScore } from "./scaled-brier.ts";

/** Probabilities of images whose truth is known or NaN, at least one of them known. */
export interface JudgedProbabilities {
  readonly probabilities: ArrayLike<number>;
  readonly truths: ArrayLike<number>;
  /** Ten, of equal width. */
  readonly bins: readonly ReliabilityBin[];
}

/** A figure of the order of images, which draws of patients give an interval, and which has a mean over findings. */
interface RankFigure extends FigureRow {
  readonly kind: "rank";
  readonly of: (replicates: RankReplicates) => Replicated;
}

/** A figure of the probabilities themselves, without an interval. */
interface ProbabilityFigure extends FigureRow {
  readonly kind: "probability";
  /** Whether calibrated probabilities are judged by it too, beside the raw ones. */
  readonly judgesCalibration: boolean;
  readonly of: (given: JudgedProbabilities) => number;
}

/** Another interval of the figure before it. */
interface OtherInterval extends FigureRow {
  readonly kind: "interval";
  readonly of: (ranking: Ranking, level: number) => Interval | null;
}

export type FindingFigure = RankFigure | ProbabilityFigure | OtherInterval;

/** Each is of a finding that has both positives and negatives. */
export const FINDING_FIGURES = {
  auroc: {
    kind: "rank",
    json: "auroc",
    label: "AUROC",
    name: "AUROC",
    about:
      "the chance that an image with the finding gets a higher probability than one without it; 0.5 is guessing, 1 is perfect",
    better: "higher",
    range: [0, 1],
    shownIn: ["text", "html", "csv"],
    of: ({ auroc }) => auroc,
  },
  delong: {
    kind: "interval",
    json: "auroc_delong_ci",
    label: "DeLong’s 95 %",
    name: "DeLong’s 95 %",
    about: "another interval of the AUROC, for independent images; it is too narrow if patients have several",
    better: "neither",
    range: [0, 1],
    shownIn: ["html"],
    of: (ranking, level) => delongInterval(delongOfRanking(ranking)!, level),
  },
  averagePrecision: {
    kind: "rank",
    json: "average_precision",
    label: "average precision",
    name: "Average precision",
    about: "the mean precision over all recalls; guessing gives the prevalence",
    better: "higher",
    range: [0, 1],
    shownIn: ["text", "html", "csv"],
    of: ({ averagePrecision }) => averagePrecision,
  },
  brier: {
    kind: "probability",
    json: "brier",
    label: "Brier",
    name: "Brier score",
    about:
      "the mean squared distance between probability and truth; always answering the prevalence p gives p (1 − p)",
    better: "lower",
    range: [0, 1],
    shownIn: ["text", "html", "csv"],
    judgesCalibration: true,
    of: ({ probabilities, truths }) => brierScore(probabilities, truths)!,
  },
  scaledBrier: {
    kind: "probability",
    json: "scaled_brier",
    label: "scaled",
    name: "Scaled Brier score",
    about:
      "1 − Brier / (p (1 − p)), where p is the prevalence; 0 is no better than always answering p, 1 is perfect",
    better: "higher",
    range: [Number.NEGATIVE_INFINITY, 1],
    shownIn: ["html", "csv"],
    judgesCalibration: false,
    of: ({ probabilities, truths }) => scaledBrierScore(probabilities, truths)!,
  },
  ece: {
    kind: "probability",
    json: "ece",
    label: "ECE",
    name: "ECE",
    about:
      "the expected calibration error, the mean distance between probability and share of positives over ten bins of a tenth each",
    better: "lower",
    range: [0, 1],
    shownIn: ["text", "html", "csv"],
    judgesCalibration: true,
    of: ({ bins }) => expectedCalibrationError(bins)!,
  },
} as const satisfies FigureTable<FindingFigure>;

type Rows = typeof FINDING_FIGURES;

type ValueOf<Row extends FindingFigure> = Row extends RankFigure
  ? BootstrapFigure
  : Row extends OtherInterval
    ? Interval | null
    : number;

/** A finding's figures, each as `FINDING_FIGURES` has it: with its interval, as an interval alone, or as a number. */
export type FindingFigures = { readonly [K in keyof Rows]: ValueOf<Rows[K]> };

/** The figures that have intervals, and so a mean over findings. */
export type RankFigureName = { [K in keyof Rows]: Rows[K] extends RankFigure ? K : never }[keyof Rows];

/** The figures by which raw and calibrated probabilities are compared. */
export type CalibrationFigureName = {
  [K in keyof Rows]: Rows[K] extends { readonly judgesCalibration: true } ? K : never;
}[keyof Rows];

/** Of one set of probabilities. */
export type CalibrationFigures = { readonly [K in CalibrationFigureName]: number };

const namesOf = <N>(isOne: (row: FindingFigure) => boolean) =>
  Object.entries<FindingFigure>(FINDING_FIGURES).flatMap(([name, row]) => (isOne(row) ? [name as N] : []));

export const RANK_FIGURES = namesOf<RankFigureName>(({ kind }) => kind === "rank");

export const CALIBRATION_FIGURES = namesOf<CalibrationFigureName>(
  (row) => row.kind === "probability" && row.judgesCalibration,
);

/** What the figures of a finding are computed from. */
export interface JudgedFinding extends JudgedProbabilities {
  readonly ranking: Ranking;
  readonly replicates: RankReplicates;
}

/** All figures of a finding that has both classes. @param level  Of intervals. */
export function findingFigures(given: JudgedFinding, level: number): FindingFigures {
  const figures = ofEach(FINDING_FIGURES, (row: FindingFigure) => {
    if (row.kind === "rank") return figureOf(row.of(given.replicates), level);
    return row.kind === "interval" ? row.of(given.ranking, level) : row.of(given);
  });
  return figures as unknown as FindingFigures;
}

/**
 * The figures by which sets of probabilities are compared, with the bins that they go by.
 *
 * @param probabilities  0 to 1; anything where the truth is unknown.
 * @param truths         1, 0, or NaN where nothing is known; of the same length. Neither is modified.
 * @returns              Null where nothing is known.
 * @throws               XrayError `evaluation/bad-input`.
 */
export function calibrationFigures(
  probabilities: ArrayLike<number>,
  truths: ArrayLike<number>,
): (CalibrationFigures & { readonly bins: readonly ReliabilityBin[] }) | null {
  const bins = reliabilityBins(probabilities, truths);
  if (bins.every(({ count }) => count === 0)) return null;
  const figures = CALIBRATION_FIGURES.map((name) => [
    name,
    FINDING_FIGURES[name].of({ probabilities, truths, bins }),
  ]);
  return { ...(Object.fromEntries(figures) as CalibrationFigures), bins };
}
