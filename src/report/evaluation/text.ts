/**
 * An evaluation for people: tables of findings, of subgroups, and of heatmaps against boxes.
 *
 * Knows: figures. Not how they are computed.
 */

import { count, counted } from "../../dataset/words.ts";
import type { FindingEvaluation } from "../../evaluation/evaluate.ts";
import type { BootstrapFigure } from "../../evaluation/replicated.ts";
import { displayName } from "../../findings.ts";
import { columns, share } from "../table.ts";
import { localisationLines } from "./localisation.ts";
import type { EvaluationReport } from "./report.ts";

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
