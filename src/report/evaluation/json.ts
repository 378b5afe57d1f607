/**
 * An evaluation for programs: JSON, and a CSV with a row for each finding.
 *
 * Knows: figures. Reference: the schema `medical-x/evaluation@1` in docs/formats.md.
 */

import { stringify } from "csv-stringify/sync";
import { TRAITS } from "../../dataset/subgroups.ts";
import type { Evaluation, FindingEvaluation, FittedPoint } from "../../evaluation/evaluate.ts";
import type { Interval } from "../../evaluation/intervals.ts";
import type { PointFigures } from "../../evaluation/point-figures.ts";
import type { BootstrapFigure } from "../../evaluation/replicated.ts";
import type { FindingGap, GroupGaps } from "../../evaluation/subgroup-gaps.ts";
import { NOTICE } from "../notice.ts";
import { localisationObject } from "./localisation.ts";
import type { EvaluationReport, SubgroupReport } from "./report.ts";

const pair = (interval: Interval | null): [number, number] | null =>
  interval === null ? null : [interval.low, interval.high];

function pointObject(point: PointFigures) {
  return {
    threshold: point.threshold,
    sensitivity: point.sensitivity,
    sensitivity_ci: pair(point.intervals.sensitivity),
    specificity: point.specificity,
    specificity_ci: pair(point.intervals.specificity),
    ppv: point.ppv,
    ppv_ci: pair(point.intervals.ppv),
    npv: point.npv,
    npv_ci: pair(point.intervals.npv),
    f1: point.f1,
    f1_ci: pair(point.intervals.f1),
    accuracy: point.accuracy,
    lr_positive: point.positiveLikelihoodRatio,
    lr_negative: point.negativeLikelihoodRatio,
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

function findingObject({ positives, negatives, unknown, figures }: FindingEvaluation) {
  const counts = { n_positive: positives, n_negative: negatives, n_unknown: unknown };
  if (figures === null) {
    const nothing = { auroc: null, auroc_ci: null, auroc_delong_ci: null, average_precision: null };
    return {
      ...counts,
      ...nothing,
      average_precision_ci: null,
      brier: null,
      ece: null,
      operating_point: null,
    };
  }
  const { auroc, averagePrecision, delong, brier, ece, bins, given, fitted } = figures;
  return {
    ...counts,
    auroc: auroc.value,
    auroc_ci: pair(auroc.interval),
    auroc_delong_ci: pair(delong),
    average_precision: averagePrecision.value,
    average_precision_ci: pair(averagePrecision.interval),
    brier,
    ece,
    reliability: bins.map(({ count, meanProbability, observedShare }) => ({
      n: count,
      mean_probability: meanProbability,
      observed_share: observedShare,
    })),
    operating_point: pointObject(given),
    ...fittedObject(fitted),
  };
}

function evaluationObject(labels: readonly string[], { images, patients, findings, mean }: Evaluation) {
  const ci = (figure: BootstrapFigure | null) => pair(figure?.interval ?? null);
  return {
    n_images: images,
    n_patients: patients,
    findings: Object.fromEntries(labels.map((label, k) => [label, findingObject(findings[k]!)])),
    mean: {
      n_findings: mean.findings,
      auroc: mean.auroc?.value ?? null,
      auroc_ci: ci(mean.auroc),
      average_precision: mean.averagePrecision?.value ?? null,
      average_precision_ci: ci(mean.averagePrecision),
    },
  };
}

function gapObject({ auroc, sensitivity, specificity }: FindingGap) {
  return {
    auroc: auroc?.value ?? null,
    auroc_ci: pair(auroc?.interval ?? null),
    sensitivity: sensitivity?.value ?? null,
    sensitivity_ci: pair(sensitivity?.interval ?? null),
    specificity: specificity?.value ?? null,
    specificity_ci: pair(specificity?.interval ?? null),
  };
}

const gapsObject = (labels: readonly string[], { findings, mean }: GroupGaps) => ({
  findings: Object.fromEntries(labels.map((label, k) => [label, gapObject(findings[k]!)])),
  mean: { n_findings: mean.findings, ...gapObject(mean) },
});

/** The object that `evaluate --format json` prints. */
export function evaluationJson(report: EvaluationReport): Record<string, unknown> {
  const { labels, evaluation, subgroups, predictor, labelFile, bootstrap, localisation, notes } = report;
  const groups = (parts: readonly SubgroupReport[]) =>
    parts.length === 0
      ? null
      : Object.fromEntries(
          parts.map(({ name, evaluation: part, gaps }) => [
            name,
            { ...evaluationObject(labels, part), gaps: gapsObject(labels, gaps) },
          ]),
        );
  return {
    schema: "medical-x/evaluation@1",
    of: predictor,
    label_file: labelFile,
    bootstrap,
    ...evaluationObject(labels, evaluation),
    subgroups: Object.fromEntries(TRAITS.map((trait) => [trait, groups(subgroups[trait])])),
    localisation: localisation === null ? null : localisationObject(localisation),
    notes,
    notice: NOTICE,
  };
}

/** `metrics.csv`: one row for each finding, and one for their mean. */
export function evaluationCsv({ labels, evaluation }: EvaluationReport): string {
  const header = [
    ...["finding", "n_positive", "n_negative", "n_unknown", "auroc", "auroc_low", "auroc_high"],
    ...["average_precision", "average_precision_low", "average_precision_high", "brier", "ece"],
    ...["threshold", "sensitivity", "specificity", "ppv", "npv", "f1"],
  ];
  const figure = (given: BootstrapFigure | null) => [
    given?.value,
    given?.interval?.low,
    given?.interval?.high,
  ];
  const rows = labels.map((label, k) => {
    const { positives, negatives, unknown, figures } = evaluation.findings[k]!;
    const point = figures?.given;
    return [
      ...[label, positives, negatives, unknown],
      ...figure(figures?.auroc ?? null),
      ...figure(figures?.averagePrecision ?? null),
      ...[figures?.brier, figures?.ece, point?.threshold, point?.sensitivity, point?.specificity],
      ...[point?.ppv, point?.npv, point?.f1],
    ];
  });
  const { mean } = evaluation;
  const last = ["mean", "", "", "", ...figure(mean.auroc), ...figure(mean.averagePrecision)];
  return stringify([header, ...rows, [...last, ...new Array<string>(header.length - last.length).fill("")]]);
}
