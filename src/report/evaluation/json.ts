/**
 * An evaluation for programs: JSON.
 *
 * Knows: figures. Reference: the schema `medical-x/evaluation@1` in docs/formats.md.
 */

import type { Evaluation, FindingEvaluation, FittedPoint } from "../../evaluation/evaluate.ts";
import type { PointFigures } from "../../evaluation/point-figures.ts";
import type { FindingGap, GroupGaps } from "../../evaluation/subgroup-gaps.ts";
import type { EvaluationReport, SubgroupReport } from "../../results/evaluation.ts";
import type { EvaluationJson, FindingJson, PointJson } from "../../results/evaluation-json.ts";
import { binObjects, calibratedObject } from "./calibrated.ts";
import { comparisonObject } from "./comparison.ts";
import { faithfulnessObject } from "./faithfulness.ts";
import { diagnosticValues, findingValues, meanValues } from "./figure-values.ts";
import { pairOf } from "./figures.ts";
import { localisationObject } from "./localisation.ts";
import { seenObject } from "./seen.ts";

function pointObject(point: PointFigures): PointJson {
  return {
    threshold: point.threshold,
    ...diagnosticValues(point),
    tp: point.truePositives,
    fp: point.falsePositives,
    tn: point.trueNegatives,
    fn: point.falseNegatives,
  };
}

/** By the criterion: `youden`, `f1`, `sensitivity_0.9`, `specificity_0.95`. */
function fittedObject(fitted: readonly FittedPoint[]) {
  const entries = fitted.map(({ criterion, figures }) => [
    "target" in criterion ? `${criterion.kind}_${criterion.target}` : criterion.kind,
    figures && pointObject(figures),
  ]);
  return entries.length === 0 ? {} : { fitted_here: Object.fromEntries(entries) };
}

/** @param isPart  Whether it is of a group, to which no thresholds are fitted. */
function findingObject(
  { positives, negatives, unknown, figures }: FindingEvaluation,
  isPart: boolean,
): FindingJson {
  const counts = { n_positive: positives, n_negative: negatives, n_unknown: unknown };
  return {
    ...counts,
    ...findingValues(figures),
    reliability: figures && binObjects(figures.bins),
    operating_point: figures && pointObject(figures.given),
    ...(figures === null ? (isPart ? {} : { fitted_here: null }) : fittedObject(figures.fitted)),
  };
}

function evaluationObject(
  labels: readonly string[],
  { images, patients, findings, mean }: Evaluation,
  isPart = false,
) {
  return {
    n_images: images,
    n_patients: patients,
    findings: Object.fromEntries(labels.map((label, k) => [label, findingObject(findings[k]!, isPart)])),
    mean: { n_findings: mean.findings, ...meanValues(mean) },
  };
}

function gapObject({ auroc, sensitivity, specificity }: FindingGap) {
  return {
    auroc: auroc?.value ?? null,
    auroc_ci: pairOf(auroc?.interval ?? null),
    sensitivity: sensitivity?.value ?? null,
    sensitivity_ci: pairOf(sensitivity?.interval ?? null),
    specificity: specificity?.value ?? null,
    specificity_ci: pairOf(specificity?.interval ?? null),
  };
}

const gapsObject = (labels: readonly string[], { findings, mean }: GroupGaps) => ({
  findings: Object.fromEntries(labels.map((label, k) => [label, gapObject(findings[k]!)])),
  mean: { n_findings: mean.findings, ...gapObject(mean) },
});

/** The object that `evaluate --format json` prints. */
export function evaluationJson(report: EvaluationReport): EvaluationJson {
  const { labels, evaluation, subgroups, predictor, labelFile, bootstrap, seen, thresholds } = report;
  const { calibrated, comparison, localisation, faithfulness, warnings, notes, notices } = report;
  const groups = (parts: readonly SubgroupReport[]) =>
    parts.length === 0
      ? null
      : Object.fromEntries(
          parts.map(({ name, evaluation: part, gaps }) => [
            name,
            { ...evaluationObject(labels, part, true), gaps: gapsObject(labels, gaps) },
          ]),
        );
  return {
    schema: "medical-x/evaluation@1",
    of: predictor,
    label_file: labelFile,
    bootstrap,
    thresholds,
    warnings,
    seen_by_model: seenObject(seen),
    ...evaluationObject(labels, evaluation),
    calibrated: calibrated && calibratedObject(calibrated, labels),
    comparison: comparison && comparisonObject(comparison),
    subgroups: {
      sex: groups(subgroups.sex),
      age: groups(subgroups.age),
      view: groups(subgroups.view),
    },
    localisation: localisation && localisationObject(localisation),
    faithfulness: faithfulness && faithfulnessObject(faithfulness),
    notes,
    notice: notices.join(" "),
  };
}
