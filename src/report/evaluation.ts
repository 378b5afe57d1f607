/**
 * An evaluation for people: tables of findings, of subgroups, and of heatmaps against boxes.
 *
 * Knows: figures. Not how they are computed.
 */

import { count, counted } from "../dataset/words.ts";
import type { BootstrapFigure } from "../evaluation/bootstrap.ts";
import type { FindingCurves } from "../evaluation/curves.ts";
import type { Evaluation, FindingEvaluation } from "../evaluation/evaluate.ts";
import { displayName } from "../findings.ts";
import type { CalibratedReport } from "./calibrated.ts";
import type { ComparisonReport } from "./comparison.ts";
import type { FindingExamples } from "./examples.ts";
import type { FaithfulnessReport } from "./faithfulness.ts";
import { type LocalisationReport, localisationLines } from "./localisation.ts";
import { columns, share } from "./table.ts";

/** A part of the images. */
export interface SubgroupReport {
  readonly name: string;
  readonly evaluation: Evaluation;
}

/** What probabilities are from: the name of a file or of a model, and the file's SHA-256. */
export interface Predictor {
  readonly kind: "predictions" | "model";
  readonly name: string;
  readonly sha256: string;
}

/** An evaluation, with what it is of. */
export interface EvaluationReport {
  readonly predictor: Predictor;
  readonly labelFile: { readonly name: string; readonly sha256: string };
  readonly labels: readonly string[];
  readonly bootstrap: { readonly replicates: number; readonly seed: number };
  readonly evaluation: Evaluation;
  /** A trait with fewer than two groups has none. */
  readonly subgroups: Readonly<Record<"sex" | "age" | "view", readonly SubgroupReport[]>>;
  /** Heatmaps against boxes; null without boxes. */
  readonly localisation: LocalisationReport | null;
  /** For each label, its curves; null where it has no figures. */
  readonly curves: readonly (FindingCurves | null)[];
  /** The model card's calibration; null where it has none. */
  readonly calibrated: CalibratedReport | null;
  /** With a second model, or a second file of predictions; null without. */
  readonly comparison: ComparisonReport | null;
  /** Of the heatmaps, by taking away what they show; null where that was not asked for. */
  readonly faithfulness: FaithfulnessReport | null;
  /** By finding, in the order of labels, those that have any. */
  readonly examples: readonly FindingExamples[];
  readonly notes: readonly string[];
}

function withInterval(figure: BootstrapFigure | null): string {
  if (figure === null) return "–";
  const { value, interval } = figure;
  return interval === null
    ? share(value)
    : `${share(value)} (${share(interval.low)}–${share(interval.high)})`;
}

function findingRow(label: string, { positives, figures }: FindingEvaluation): string[] {
  const name = displayName(label);
  if (figures === null) return [name, count(positives), "–", "–", "–", "–", "–", "–", "–"];
  const { auroc, averagePrecision, brier, ece, given } = figures;
  return [
    name,
    count(positives),
    withInterval(auroc),
    withInterval(averagePrecision),
    share(brier),
    share(ece),
    share(given.threshold),
    share(given.sensitivity),
    share(given.specificity),
  ];
}

function findingLines({ labels, evaluation }: EvaluationReport): string[] {
  const { findings, mean } = evaluation;
  return columns([
    [
      "",
      "positive",
      "AUROC (95 %)",
      "average precision (95 %)",
      "Brier",
      "ECE",
      "threshold",
      "sens.",
      "spec.",
    ],
    ...labels.map((label, k) => findingRow(label, findings[k]!)),
    [
      `mean of ${mean.findings}`,
      "",
      withInterval(mean.auroc),
      withInterval(mean.averagePrecision),
      "",
      "",
      "",
      "",
      "",
    ],
  ]);
}

/** What could not be judged, in a sentence each. */
function oneSided({ labels, evaluation }: EvaluationReport): string[] {
  return labels.flatMap((label, k) => {
    const { positives, negatives, figures } = evaluation.findings[k]!;
    if (figures !== null) return [];
    const lack = positives === 0 && negatives === 0 ? "labels" : positives === 0 ? "positives" : "negatives";
    return [`${displayName(label)} has no ${lack} among these images, and so no figures.`];
  });
}

function subgroupLines({ subgroups }: EvaluationReport): string[] {
  const rows = (["sex", "age", "view"] as const).flatMap((trait) =>
    subgroups[trait].map(({ name, evaluation }) => [
      `${trait} ${name}`,
      count(evaluation.images),
      count(evaluation.patients),
      withInterval(evaluation.mean.auroc),
      String(evaluation.mean.findings),
    ]),
  );
  if (rows.length === 0) return [];
  return [
    "",
    "Subgroups, mean AUROC over the findings that have both classes there:",
    ...columns([["", "images", "patients", "mean AUROC (95 %)", "findings"], ...rows]),
  ];
}

/** The text that `evaluate` prints. */
export function evaluationText(report: EvaluationReport): string {
  const { predictor, labelFile, evaluation, bootstrap } = report;
  return [
    `Of        : ${predictor.name} (sha256 ${predictor.sha256.slice(0, 12)}…)`,
    `Labels    : ${labelFile.name} (sha256 ${labelFile.sha256.slice(0, 12)}…)`,
    `Images    : ${counted(evaluation.images, "image")} of ${counted(evaluation.patients, "patient")}`,
    `Intervals : 95 %, ${counted(bootstrap.replicates, "bootstrap")} over patients, seed ${bootstrap.seed}`,
    "",
    ...findingLines(report),
    ...oneSided(report),
    ...subgroupLines(report),
    ...(report.localisation === null ? [] : localisationLines(report.localisation)),
    "",
    ...report.notes.map((note) => `Note: ${note}`),
    "",
  ].join("\n");
}
