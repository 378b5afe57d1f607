/**
 * An evaluation for spreadsheets: a row for each finding, and the probabilities that it is of.
 *
 * Knows: figures. Reference: docs/formats.md.
 */

import {
  DIAGNOSTIC_FIGURES,
  type DiagnosticFigure,
  type DiagnosticFigures,
  type PointFigure,
} from "../../evaluation/diagnostic-figures.ts";
import type { MeanFigures } from "../../evaluation/evaluate.ts";
import type { FigureRow } from "../../evaluation/figure.ts";
import {
  CALIBRATION_FIGURES,
  FINDING_FIGURES,
  type FindingFigure,
  type FindingFigures,
} from "../../evaluation/finding-figures.ts";
import type { PointFigures } from "../../evaluation/point-figures.ts";
import type { EvaluationReport } from "../../results/evaluation.ts";
import { csvHeader, csvLine } from "../prediction/csv.ts";
import { type CsvField, csvRecord } from "../words/csv.ts";

/** One or several columns of a figure: the figure itself, and the ends of its interval. */
interface Columns<From> {
  readonly head: readonly string[];
  readonly cells: (from: From) => readonly CsvField[];
}

const ends = (field: string): string[] => [`${field}_low`, `${field}_high`];

const isShown = ([, { shownIn }]: readonly [string, FigureRow]): boolean => shownIn.includes("csv");

/** The figures of a finding, or of the mean, which lacks some. */
const FINDING_COLUMNS = Object.entries<FindingFigure>(FINDING_FIGURES)
  .filter(isShown)
  .map(([name, row]): Columns<Partial<FindingFigures | MeanFigures> | null> => {
    const head =
      row.kind === "interval"
        ? ends(row.json)
        : row.kind === "rank"
          ? [row.json, ...ends(row.json)]
          : [row.json];
    return {
      head,
      cells(from) {
        const figure = (from as Partial<FindingFigures> | null)?.[name as keyof FindingFigures] ?? null;
        if (figure === null) return head.map(() => null);
        if (typeof figure === "number") return [figure];
        return "low" in figure
          ? [figure.low, figure.high]
          : [figure.value, figure.interval?.low, figure.interval?.high];
      },
    };
  });

const POINT_COLUMNS = Object.entries<DiagnosticFigure>(DIAGNOSTIC_FIGURES)
  .filter(isShown)
  .map(([name, row]): Columns<PointFigures | undefined> => {
    const value = (point?: PointFigures) => point?.[name as keyof DiagnosticFigures];
    if (row.interval !== "shown") return { head: [row.json], cells: (point) => [value(point)] };
    return {
      head: [row.json, ...ends(row.json)],
      cells(point) {
        const interval = point?.intervals[name as PointFigure];
        return [value(point), interval?.low, interval?.high];
      },
    };
  });

/** `metrics.csv`: one row for each finding, and one for their mean. */
export function evaluationCsv({ labels, evaluation, calibrated }: EvaluationReport): string {
  const header = [
    ...["finding", "n_positive", "n_negative", "n_unknown"],
    ...FINDING_COLUMNS.flatMap(({ head }) => head),
    "threshold",
    ...POINT_COLUMNS.flatMap(({ head }) => head),
    ...CALIBRATION_FIGURES.map((name) => `${FINDING_FIGURES[name].json}_calibrated`),
  ];
  const rows = labels.map((label, k) => {
    const { positives, negatives, unknown, figures } = evaluation.findings[k]!;
    const other = calibrated?.findings[k];
    return [
      ...[label, positives, negatives, unknown],
      ...FINDING_COLUMNS.flatMap(({ cells }) => cells(figures)),
      figures?.given.threshold,
      ...POINT_COLUMNS.flatMap(({ cells }) => cells(figures?.given)),
      ...CALIBRATION_FIGURES.map((name) => other?.[name]),
    ];
  });
  const mean = ["mean", "", "", "", ...FINDING_COLUMNS.flatMap(({ cells }) => cells(evaluation.mean))];
  const filler = new Array<string>(header.length - mean.length).fill("");
  return [header, ...rows, [...mean, ...filler]].map(csvRecord).join("");
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
