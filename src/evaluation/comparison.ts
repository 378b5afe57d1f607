/**
 * Two sets of probabilities of the same images: which tells findings better, and whether other patients could turn it.
 *
 * Knows:      numbers, and which patient each image is of.
 * Reference:  `bootstrap.ts`, `delong.ts`, `holm.ts`.
 */

import { type ComparedFinding, checkPatients } from "./bootstrap.ts";
import { type AurocComparison, delongTest } from "./delong.ts";
import { holmAdjusted } from "./holm.ts";
import { type BootstrapOptions, PatientDraws, type Patients } from "./patient-draws.ts";
import { rankedRuns } from "./ranked-runs.ts";
import { rankingOf } from "./ranking.ts";
import {
  type BootstrapFigure,
  differenceOf,
  figureOf,
  meanOfPresent,
  type RankReplicates,
  type Replicated,
  resample,
} from "./replicated.ts";

/** One figure of both; each 0 to 1. */
export interface ComparedFigure {
  readonly first: number;
  readonly second: number;
  /** First − second, over draws of patients that both are judged on. */
  readonly difference: BootstrapFigure;
}

/** How two sets of probabilities tell one finding. */
export interface FindingComparison {
  readonly auroc: ComparedFigure;
  readonly averagePrecision: ComparedFigure;
  /** For independent images: too sure where patients have several. Null where a class has a single image. */
  readonly delong: AurocComparison | null;
  /** DeLong's p after Holm, over all findings that are compared; null where there is no p. */
  readonly holm: number | null;
}

/** A comparison. */
export interface Comparison {
  /** In the order given; null where a class is missing. */
  readonly findings: readonly (FindingComparison | null)[];
  /** Over the findings that have both classes; null where none has. */
  readonly mean: {
    readonly findings: number;
    readonly auroc: ComparedFigure;
    readonly averagePrecision: ComparedFigure;
  } | null;
}

function compared(first: Replicated, second: Replicated, level: number): ComparedFigure | null {
  const difference = figureOf(differenceOf(first, second), level);
  return difference && { first: first.value, second: second.value, difference };
}

/**
 * Compare two sets of probabilities.
 *
 * @param findings  Each with two scores and one truth (1, 0, NaN where nothing is known) per image. Not modified.
 * @param patients  Whose each image is.
 * @param options   How patients are drawn.
 * @returns         Differences are first − second: over 0 where the first is better.
 * @throws          XrayError `evaluation/bad-input`, `evaluation/bad-replicates`, `evaluation/bad-level`.
 *
 * @example
 * const first = [0.9, 0.8, 0.7, 0.6, 0.55, 0.5, 0.4, 0.3, 0.2, 0.1];
 * const truths = [1, 1, 0, 1, 1, 0, 0, 1, 0, 0];
 * const patients = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "k"]; // whose each image is
 * const second = [0.9, 0.3, 0.7, 0.8, 0.6, 0.2, 0.4, 0.5, 0.1, 0.05];
 * const { findings } = compareFindings([{ first, second, truths }], patients);
 * findings[0]?.delong?.p; // of DeLong's test of the two
 */
export function compareFindings(
  findings: readonly ComparedFinding[],
  patients: Patients,
  options: BootstrapOptions = {},
): Comparison {
  checkPatients(findings, patients);
  const draws = new PatientDraws(patients, options);
  const sides = [
    findings.map(({ first, truths }) => rankedRuns(rankingOf(first, truths))),
    findings.map(({ second, truths }) => rankedRuns(rankingOf(second, truths))),
  ];
  const figures = resample(sides.flat(), draws);
  const [firsts, seconds] = [figures.slice(0, findings.length), figures.slice(findings.length)];
  const tests = findings.map(({ first, second, truths }) => delongTest(first, second, truths, draws.level));
  const adjusted = holmAdjusted(tests.map((test) => test?.p ?? null));
  const meanOf = (side: readonly RankReplicates[], kind: "auroc" | "averagePrecision") =>
    meanOfPresent(side.map((one) => one[kind]));
  const mean = (kind: "auroc" | "averagePrecision") =>
    compared(meanOf(firsts, kind), meanOf(seconds, kind), draws.level);
  const [auroc, averagePrecision] = [mean("auroc"), mean("averagePrecision")];
  const judged = firsts.filter((side) => !Number.isNaN(side.auroc.value)).length;
  return {
    findings: findings.map((_, f): FindingComparison | null => {
      const ofAuroc = compared(firsts[f]!.auroc, seconds[f]!.auroc, draws.level);
      const ofPrecision = compared(firsts[f]!.averagePrecision, seconds[f]!.averagePrecision, draws.level);
      if (ofAuroc === null || ofPrecision === null) return null;
      return { auroc: ofAuroc, averagePrecision: ofPrecision, delong: tests[f]!, holm: adjusted[f]! };
    }),
    mean: auroc && averagePrecision && { findings: judged, auroc, averagePrecision },
  };
}
