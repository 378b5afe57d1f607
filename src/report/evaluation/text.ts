/**
 * An evaluation for people: tables of findings, operating points, subgroups, and heatmaps compared with boxes.
 *
 * Knows: figures. Not how they are computed.
 */

import { TRAITS } from "../../dataset/subgroups.ts";
import { printable } from "../../errors.ts";
import type { FindingEvaluation, FittedPoint } from "../../evaluation/evaluate.ts";
import { FEWEST_PATIENTS } from "../../evaluation/replicated.ts";
import { displayName } from "../../findings.ts";
import type { EvaluationReport, ThresholdSource } from "../../results/evaluation.ts";
import { count, counted } from "../../text.ts";
import { columns, share } from "../words/table.ts";
import { calibratedLines } from "./calibrated.ts";
import { comparisonLines } from "./comparison.ts";
import { faithfulnessLines } from "./faithfulness.ts";
import { findingColumns, pointColumns } from "./figure-columns.ts";
import { signedInterval, smallShare, withInterval } from "./figures.ts";
import { localisationLines } from "./localisation.ts";

function findingLines({ labels, evaluation }: EvaluationReport): string[] {
  const { findings, mean } = evaluation;
  const lacks = findings.some(({ figures }) => figures?.auroc.interval === null);
  const [shown, points] = [findingColumns("text"), pointColumns("text")];
  const row = (label: string, { positives, figures }: FindingEvaluation): string[] => [
    displayName(label),
    count(positives),
    ...shown.map(({ cell }) => cell(figures)),
    figures === null ? "–" : smallShare(figures.given.threshold),
    ...points.map(({ cell }) => (figures === null ? "–" : cell(figures.given))),
  ];
  const table = columns([
    ["", "positive", ...shown.map(({ head }) => head), "threshold", ...points.map(({ head }) => head)],
    ...labels.map((label, k) => row(label, findings[k]!)),
    [
      `mean of ${mean.findings}`,
      "",
      ...shown.map((column) => column.mean(mean)),
      "",
      ...points.map(() => ""),
    ],
  ]);
  if (!lacks) return table;
  return [
    ...table,
    `  no interval: fewer than ${FEWEST_PATIENTS} patients have the finding or lack it, or all draws give the same figure.`,
  ];
}

/** A sentence for each finding that could not be evaluated. */
function oneSided({ labels, evaluation }: EvaluationReport): string[] {
  return labels.flatMap((label, k) => {
    const { positives, negatives, figures } = evaluation.findings[k]!;
    if (figures !== null) return [];
    const lack = positives === 0 && negatives === 0 ? "labels" : positives === 0 ? "positives" : "negatives";
    return [`${displayName(label)} has no ${lack} among these images, so it has no figures.`];
  });
}

/** A table for each target that the user named: what it costs to reach it. */
function targetLines({ labels, evaluation }: EvaluationReport): string[] {
  const criteria = evaluation.findings.find(({ figures }) => figures !== null)?.figures?.fitted ?? [];
  return criteria.flatMap(({ criterion }, c) => {
    if (!("target" in criterion)) return [];
    const points = pointColumns("targets");
    const rows = labels.flatMap((label, k) => {
      const point = evaluation.findings[k]!.figures?.fitted[c] as FittedPoint | undefined;
      if (point === undefined) return [];
      const { figures } = point;
      const cells = figures && [smallShare(figures.threshold), ...points.map(({ cell }) => cell(figures))];
      return [[displayName(label), ...(cells ?? ["–", ...points.map(() => "–")])]];
    });
    return [
      "",
      `At a ${criterion.kind} of at least ${share(criterion.target)}, with thresholds fitted to these very images (optimistic):`,
      ...columns([["", "threshold", ...points.map(({ head }) => head)], ...rows]),
    ];
  });
}

function subgroupLines({ subgroups }: EvaluationReport): string[] {
  const rows = TRAITS.flatMap((trait) =>
    subgroups[trait].map(({ name, evaluation, gaps }) => [
      `${trait} ${name}`,
      count(evaluation.images),
      count(evaluation.patients),
      withInterval(evaluation.mean.auroc),
      String(evaluation.mean.findings),
      String(gaps.mean.findings),
      signedInterval(gaps.mean.auroc),
      signedInterval(gaps.mean.sensitivity),
    ]),
  );
  if (rows.length === 0) return [];
  return [
    "",
    "Subgroups (means over the findings that have positives and negatives in the group):",
    ...columns([
      [
        ...["", "images", "patients", "AUROC (95 %)", "findings", "compared", "AUROC gap (95 %)"],
        "sensitivity gap (95 %)",
      ],
      ...rows,
    ]),
    "  gap: difference from the other group or, with more than two, from the median of all; sensitivity is at the threshold above.",
    `  compared: findings that at least ${FEWEST_PATIENTS} patients have and ${FEWEST_PATIENTS} lack, in this group and in another one.`,
  ];
}

const THRESHOLDS: Readonly<Record<ThresholdSource, string>> = {
  card: "from the model card",
  given: "as given",
  default: "0.5, because the model card has none",
};

/** The text that `evaluate` prints. */
export function evaluationText(report: EvaluationReport): string {
  const { predictor, labelFile, evaluation, bootstrap, labels } = report;
  const { calibrated, comparison, localisation, faithfulness } = report;
  return [
    `Evaluated  : ${predictor.name} (sha256 ${predictor.sha256.slice(0, 12)}…)`,
    `Labels     : ${labelFile.name} (sha256 ${labelFile.sha256.slice(0, 12)}…)`,
    `Images     : ${counted(evaluation.images, "image")} of ${counted(evaluation.patients, "patient")}`,
    `Thresholds : ${THRESHOLDS[report.thresholds]}`,
    `Intervals  : 95 %, ${counted(bootstrap.replicates, "bootstrap replicate")} over patients, seed ${bootstrap.seed}`,
    ...report.warnings.map((warning) => `Warning    : ${warning}`),
    "",
    ...findingLines(report),
    ...oneSided(report),
    ...targetLines(report),
    ...(calibrated === null ? [] : calibratedLines(calibrated, labels)),
    ...(comparison === null ? [] : comparisonLines(comparison)),
    ...subgroupLines(report),
    ...(localisation === null ? [] : localisationLines(localisation)),
    ...(faithfulness === null ? [] : faithfulnessLines(faithfulness)),
    "",
    ...report.notes.map((note) => `Note: ${note}`),
    "",
  ]
    .map(printable)
    .join("\n");
}
