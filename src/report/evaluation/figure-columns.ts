/**
 * Figures for people: the columns of the figures in `evaluation/`'s tables, as text and the page show them.
 *
 * Knows: rows and numbers. Not what the figures mean.
 */

import {
  DIAGNOSTIC_FIGURES,
  type DiagnosticFigure,
  type PointFigure,
} from "../../evaluation/diagnostic-figures.ts";
import type { MeanFigures } from "../../evaluation/evaluate.ts";
import type { FigureRow, Shown } from "../../evaluation/figure.ts";
import {
  CALIBRATION_FIGURES,
  type CalibrationFigures,
  FINDING_FIGURES,
  type FindingFigure,
  type FindingFigures,
  type RankFigureName,
} from "../../evaluation/finding-figures.ts";
import type { Interval } from "../../evaluation/intervals.ts";
import type { PointFigures } from "../../evaluation/point-figures.ts";
import type { BootstrapFigure } from "../../evaluation/replicated.ts";
import { share } from "../words/table.ts";
import { signedShare, withBounds, withInterval } from "./figures.ts";

/** A column in the table of findings. */
export interface FindingColumn {
  readonly name: keyof FindingFigures;
  readonly head: string;
  /** `–` for a finding that lacks a class. */
  readonly cell: (figures: FindingFigures | null) => string;
  /** In the row of means. */
  readonly mean: (mean: MeanFigures) => string;
}

function findingColumn([name, row]: readonly [string, FindingFigure]): FindingColumn {
  const of = (figures: FindingFigures | null) => figures?.[name as keyof FindingFigures] ?? null;
  const common = { name: name as keyof FindingFigures, mean: () => "" };
  switch (row.kind) {
    case "rank":
      return {
        ...common,
        head: `${row.label} (95 %)`,
        cell: (figures) => withInterval(of(figures) as BootstrapFigure | null),
        mean: (mean) => withInterval(mean[name as RankFigureName]),
      };
    case "interval":
      return {
        ...common,
        head: row.label,
        cell(figures) {
          const interval = of(figures) as Interval | null;
          return interval === null ? "–" : `${share(interval.low)}–${share(interval.high)}`;
        },
      };
    case "probability":
      return { ...common, head: row.label, cell: (figures) => signedShare(of(figures) as number | null) };
  }
}

/** The columns of a table of findings. */
export const findingColumns = (shown: Shown): FindingColumn[] =>
  Object.entries<FindingFigure>(FINDING_FIGURES)
    .filter(([, row]) => row.shownIn.includes(shown))
    .map(findingColumn);

/** A column in a table of operating points. */
export interface PointColumn {
  readonly head: string;
  readonly cell: (point: PointFigures) => string;
}

/** A ratio from 0 on, in three digits: 0.12, 12.3, 123. */
const ratio = (value: number | null): string =>
  value === null ? "–" : value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);

/** The same in a table of plain text, where decimals stand below each other. */
const plainRatio = (value: number | null): string => (value === null ? "–" : value.toFixed(1));

const isRatio = ({ range: [, high] }: FigureRow): boolean => high === Number.POSITIVE_INFINITY;

function pointColumn(
  name: keyof typeof DIAGNOSTIC_FIGURES,
  row: DiagnosticFigure,
  isPage: boolean,
): PointColumn {
  const written = isRatio(row) ? (isPage ? ratio : plainRatio) : signedShare;
  const head = isPage ? row.label : (row.short ?? row.label);
  if (!isPage || row.interval !== "shown") return { head, cell: (point) => written(point[name]) };
  return {
    head: `${head} (95 %)`,
    cell: (point) => withBounds(point[name], point.intervals[name as PointFigure]),
  };
}

/** The columns of a table of operating points. */
export const pointColumns = (shown: Shown): PointColumn[] =>
  Object.entries<DiagnosticFigure>(DIAGNOSTIC_FIGURES)
    .filter(([, row]) => row.shownIn.includes(shown))
    .map(([name, row]) => pointColumn(name as keyof typeof DIAGNOSTIC_FIGURES, row, shown === "html"));

/** Heads of the columns in which raw and calibrated probabilities are compared. */
export const calibrationHead = (): string[] =>
  CALIBRATION_FIGURES.flatMap((name) => [FINDING_FIGURES[name].label, "calibrated"]);

/** The cells below them. */
export const calibrationCells = (
  raw: CalibrationFigures | null,
  calibrated: CalibrationFigures | null,
): string[] =>
  CALIBRATION_FIGURES.flatMap((name) => [
    signedShare(raw?.[name] ?? null),
    signedShare(calibrated?.[name] ?? null),
  ]);
