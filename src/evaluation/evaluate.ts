/**
 * All figures of an evaluation: each finding's, their mean, and those of parts of the images.
 *
 * Knows:      numbers, and which patient each image is of. Not findings' names, models or files.
 * Reference:  the files of this room that each figure comes from.
 */

import {
  type BootstrapFigure,
  type BootstrapOptions,
  bootstrapFindings,
  type ScoredFinding,
} from "./bootstrap.ts";
import { type Confusion, confusionAt, type DiagnosticFigures, diagnosticFigures } from "./confusion.ts";
import { type AurocEstimate, delongAuroc, delongInterval } from "./delong.ts";
import type { Interval } from "./intervals.ts";
import { type Criterion, fitOperatingPoint } from "./operating-points.ts";
import { brierScore, expectedCalibrationError, type ReliabilityBin, reliabilityBins } from "./reliability.ts";

/** Figures at one threshold. */
export interface PointFigures extends DiagnosticFigures, Confusion {
  readonly threshold: number;
}

/** One finding's figures. All but the counts are null where there is no positive or no negative. */
export interface FindingEvaluation {
  readonly positives: number;
  readonly negatives: number;
  /** Images of which nothing is known; they take no part. */
  readonly unknown: number;
  readonly figures: {
    readonly auroc: BootstrapFigure;
    /** For independent images: too narrow where patients have several. Null where a class has a single image. */
    readonly delong: Interval | null;
    readonly averagePrecision: BootstrapFigure;
    readonly brier: number;
    /** Expected calibration error over the bins. */
    readonly ece: number;
    readonly bins: readonly ReliabilityBin[];
    /** At the threshold that was given. */
    readonly given: PointFigures;
    /** At thresholds that were fitted to these very images, and so flatter: by Youden's J and by F1. */
    readonly youden: PointFigures;
    readonly f1: PointFigures;
  } | null;
}

/** An evaluation. */
export interface Evaluation {
  readonly images: number;
  readonly patients: number;
  /** In the order given. */
  readonly findings: readonly FindingEvaluation[];
  /** Over the findings that have both classes; null where none has. */
  readonly mean: {
    readonly findings: number;
    readonly auroc: BootstrapFigure | null;
    readonly averagePrecision: BootstrapFigure | null;
  };
}

/** One finding's probabilities and truths, and its threshold. */
export interface EvaluatedFinding extends ScoredFinding {
  /** A finding is called present at or over it. */
  readonly threshold: number;
}

function pointAt(finding: ScoredFinding, threshold: number): PointFigures {
  const confusion = confusionAt(finding.scores, finding.truths, threshold);
  return { threshold, ...confusion, ...diagnosticFigures(confusion) };
}

/** Thresholds of both kinds exist where both classes do. */
const fittedAt = (finding: ScoredFinding, criterion: Criterion): PointFigures =>
  pointAt(finding, fitOperatingPoint(finding.scores, finding.truths, criterion)!.threshold);

function count(truths: ArrayLike<number>, wanted: number): number {
  let found = 0;
  for (let i = 0; i < truths.length; i++) if (truths[i] === wanted) found++;
  return found;
}

function figuresOf(
  finding: EvaluatedFinding,
  estimate: AurocEstimate,
  auroc: BootstrapFigure,
  averagePrecision: BootstrapFigure,
  level: number | undefined,
): FindingEvaluation["figures"] {
  const bins = reliabilityBins(finding.scores, finding.truths);
  return {
    auroc,
    delong: delongInterval(estimate, level),
    averagePrecision,
    brier: brierScore(finding.scores, finding.truths)!,
    ece: expectedCalibrationError(bins)!,
    bins,
    given: pointAt(finding, finding.threshold),
    youden: fittedAt(finding, { kind: "youden" }),
    f1: fittedAt(finding, { kind: "f1" }),
  };
}

/**
 * Evaluate probabilities.
 *
 * @param findings  Each with one probability (0 to 1) and one truth (1, 0, or NaN where nothing is known) per image.
 * @param patients  Whose each image is; intervals draw patients, with all of their images.
 * @throws          XrayError `evaluation/…` where lengths differ, or a known image's probability is none.
 */
export function evaluateFindings(
  findings: readonly EvaluatedFinding[],
  patients: ArrayLike<string>,
  options: BootstrapOptions = {},
): Evaluation {
  const bootstrap = bootstrapFindings(findings, patients, options);
  const evaluated = findings.map((finding, i): FindingEvaluation => {
    const positives = count(finding.truths, 1);
    const negatives = count(finding.truths, 0);
    const { auroc, averagePrecision } = bootstrap.findings[i]!;
    const estimate = delongAuroc(finding.scores, finding.truths);
    const hasBoth = estimate !== null && auroc !== null && averagePrecision !== null;
    return {
      positives,
      negatives,
      unknown: finding.truths.length - positives - negatives,
      figures: hasBoth ? figuresOf(finding, estimate, auroc, averagePrecision, options.level) : null,
    };
  });
  return {
    images: patients.length,
    patients: new Set(Array.from(patients)).size,
    findings: evaluated,
    mean: { findings: evaluated.filter(({ figures }) => figures !== null).length, ...bootstrap.mean },
  };
}

/** The examples of some images: of each finding, and whose they are. */
export function subsetOf(
  findings: readonly EvaluatedFinding[],
  patients: ArrayLike<string>,
  images: ArrayLike<number>,
): { findings: EvaluatedFinding[]; patients: string[] } {
  const pick = (values: ArrayLike<number>) => {
    const at = (_: unknown, k: number) => values[images[k]!]!;
    const { length } = images;
    // Where scores are float32, thresholds are rounded as they are.
    return values instanceof Float32Array
      ? Float32Array.from({ length }, at)
      : Float64Array.from({ length }, at);
  };
  return {
    findings: findings.map(({ scores, truths, threshold }) => ({
      scores: pick(scores),
      truths: pick(truths),
      threshold,
    })),
    patients: Array.from(images, (i) => patients[i]!),
  };
}
