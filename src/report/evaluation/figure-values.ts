/**
 * Figures for programs: what stands in the JSON fields of the figures in `evaluation/`'s tables.
 *
 * Knows:      rows and numbers. Not what the figures mean.
 * Reference:  the schemas of these fields, `results/figure-fields.ts`.
 */

import {
  DIAGNOSTIC_FIGURES,
  type DiagnosticFigure,
  type PointFigure,
} from "../../evaluation/diagnostic-figures.ts";
import type { MeanFigures } from "../../evaluation/evaluate.ts";
import {
  CALIBRATION_FIGURES,
  type CalibrationFigures,
  FINDING_FIGURES,
  type FindingFigure,
  type FindingFigures,
  RANK_FIGURES,
} from "../../evaluation/finding-figures.ts";
import type { Interval } from "../../evaluation/intervals.ts";
import type { PointFigures } from "../../evaluation/point-figures.ts";
import type { BootstrapFigure } from "../../evaluation/replicated.ts";
import {
  type CalibrationValues,
  type DiagnosticValues,
  type FindingValues,
  hasInterval,
  intervalField,
  type MeanValues,
} from "../../results/figure-fields.ts";
import { pairOf } from "./figures.ts";

type Field = readonly [name: string, value: number | readonly [number, number] | null];

const rankFields = (row: FindingFigure, figure: BootstrapFigure | null): Field[] => [
  [row.json, figure?.value ?? null],
  [intervalField(row), pairOf(figure?.interval ?? null)],
];

/** The figures of a finding; all null for one that lacks a class. */
export function findingValues(figures: FindingFigures | null): FindingValues {
  const fields = Object.entries<FindingFigure>(FINDING_FIGURES).flatMap(([name, row]): Field[] => {
    const value = figures?.[name as keyof FindingFigures] ?? null;
    if (row.kind === "rank") return rankFields(row, value as BootstrapFigure | null);
    return [[row.json, value !== null && typeof value !== "number" ? pairOf(value as Interval) : value]];
  });
  return Object.fromEntries(fields) as unknown as FindingValues;
}

/** Means over findings. */
export function meanValues(mean: MeanFigures): MeanValues {
  const fields = RANK_FIGURES.flatMap((name) => rankFields(FINDING_FIGURES[name], mean[name]));
  return Object.fromEntries(fields) as unknown as MeanValues;
}

/** The figures at a threshold. */
export function diagnosticValues(point: PointFigures): DiagnosticValues {
  const fields = Object.entries<DiagnosticFigure>(DIAGNOSTIC_FIGURES).flatMap(([name, row]): Field[] => {
    const value: Field = [row.json, point[name as keyof typeof DIAGNOSTIC_FIGURES]];
    return hasInterval(row)
      ? [value, [intervalField(row), pairOf(point.intervals[name as PointFigure])]]
      : [value];
  });
  return Object.fromEntries(fields) as unknown as DiagnosticValues;
}

/** The figures by which raw and calibrated probabilities are compared. */
export function calibrationValues(figures: CalibrationFigures): CalibrationValues {
  const fields = CALIBRATION_FIGURES.map((name) => [FINDING_FIGURES[name].json, figures[name]]);
  return Object.fromEntries(fields) as CalibrationValues;
}
