/**
 * An evaluation for spreadsheets: a row for each finding, and the probabilities that it is of.
 *
 * Knows: figures. Reference: docs/formats.md.
 */

import type { BootstrapFigure } from "../../evaluation/replicated.ts";
import type { EvaluationReport } from "../../results/evaluation.ts";
import { csvHeader, csvLine } from "../prediction/csv.ts";
import { csvRecord } from "../words/csv.ts";

/** `metrics.csv`: one row for each finding, and one for their mean. */
export function evaluationCsv({ labels, evaluation, calibrated }: EvaluationReport): string {
  const header = [
    ...["finding", "n_positive", "n_negative", "n_unknown", "auroc", "auroc_low", "auroc_high"],
    ...["average_precision", "average_precision_low", "average_precision_high", "brier", "ece"],
    ...["threshold", "sensitivity", "sensitivity_low", "sensitivity_high"],
    ...["specificity", "specificity_low", "specificity_high", "ppv", "npv", "f1"],
    ...["lr_positive", "lr_negative", "brier_calibrated", "ece_calibrated"],
  ];
  const figure = (given: BootstrapFigure | null) => [
    given?.value,
    given?.interval?.low,
    given?.interval?.high,
  ];
  const rows = labels.map((label, k) => {
    const { positives, negatives, unknown, figures } = evaluation.findings[k]!;
    const point = figures?.given;
    const { sensitivity, specificity } = point?.intervals ?? {};
    const other = calibrated?.findings[k];
    return [
      ...[label, positives, negatives, unknown],
      ...figure(figures?.auroc ?? null),
      ...figure(figures?.averagePrecision ?? null),
      ...[figures?.brier, figures?.ece, point?.threshold],
      ...[point?.sensitivity, sensitivity?.low, sensitivity?.high],
      ...[point?.specificity, specificity?.low, specificity?.high],
      ...[point?.ppv, point?.npv, point?.f1],
      ...[point?.positiveLikelihoodRatio, point?.negativeLikelihoodRatio, other?.brier, other?.ece],
    ];
  });
  const { mean } = evaluation;
  const last = ["mean", "", "", "", ...figure(mean.auroc), ...figure(mean.averagePrecision)];
  const filler = new Array<string>(header.length - last.length).fill("");
  return [header, ...rows, [...last, ...filler]].map(csvRecord).join("");
}

/**
 * `predictions.csv`: as `predict --format csv` writes it, with the names of the label file.
 *
 * @param columns     For each label, one probability per image.
 * @param calibrated  The same by calibration, or null; undefined where there is none.
 */
export function* predictionLines(
  images: readonly string[],
  labels: readonly string[],
  columns: readonly ArrayLike<number>[],
  calibrated: readonly (ArrayLike<number> | null)[] | undefined,
): Generator<string> {
  const others = labels.flatMap((label, k) => (calibrated?.[k] ? [{ label, values: calibrated[k] }] : []));
  yield csvHeader(
    labels,
    others.map(({ label }) => label),
  );
  const all = [...columns, ...others.map(({ values }) => values)];
  for (const [i, image] of images.entries())
    yield csvLine(
      image,
      all.map((column) => column[i]!),
    );
}
