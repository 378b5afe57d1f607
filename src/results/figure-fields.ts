/**
 * The JSON fields of the figures in `evaluation/`'s tables: a schema for each row.
 *
 * Knows: rows. Not what the figures mean.
 */

import { DIAGNOSTIC_FIGURES } from "../evaluation/diagnostic-figures.ts";
import { type FigureRow, type FigureTable, sentenceOf } from "../evaluation/figure.ts";
import {
  CALIBRATION_FIGURES,
  type CalibrationFigureName,
  FINDING_FIGURES,
  RANK_FIGURES,
  type RankFigureName,
} from "../evaluation/finding-figures.ts";
import { about, between, number, orNull, type Schema } from "../schema/schema.ts";
import { interval } from "./figures.ts";

type Findings = typeof FINDING_FIGURES;
type Diagnostics = typeof DIAGNOSTIC_FIGURES;

/** The field of a figure's interval. */
export const intervalField = ({ json }: FigureRow): string => `${json}_ci`;

function value({ range: [low, high] }: FigureRow) {
  return Number.isFinite(low) && Number.isFinite(high) ? between(low, high) : number();
}

type Value = ReturnType<typeof number>;
type MaybeValue = ReturnType<typeof orNull<Value>>;
type Bounds = ReturnType<typeof interval>;

/** The field's name of a row that is, or is not, an interval alone. */
type ValueField<Row> = Row extends { readonly kind: "interval" } ? never : JsonOf<Row>;
type BoundsField<Row> = Row extends { readonly kind: "interval" }
  ? JsonOf<Row>
  : Row extends { readonly kind: "rank" } | { readonly interval: "shown" | "json" }
    ? `${JsonOf<Row>}_ci`
    : never;
type JsonOf<Row> = Row extends { readonly json: infer J extends string } ? J : never;

type Fields<T extends FigureTable> = {
  readonly [K in keyof T as ValueField<T[K]>]: MaybeValue;
} & { readonly [K in keyof T as BoundsField<T[K]>]: Bounds };

/** What stands in these fields. */
type Values<T extends FigureTable> = {
  readonly [K in keyof T as ValueField<T[K]>]: number | null;
} & { readonly [K in keyof T as BoundsField<T[K]>]: readonly [number, number] | null };

export type FindingValues = Values<Findings>;
export type MeanValues = Values<Pick<Findings, RankFigureName>>;
export type DiagnosticValues = Values<Diagnostics>;
export type CalibrationValues = {
  readonly [K in CalibrationFigureName as Findings[K]["json"]]: number;
};

/** Whether a row has an interval beside its value. */
export function hasInterval(row: FigureRow): boolean {
  if ("kind" in row) return row.kind === "rank";
  return "interval" in row && row.interval !== "none";
}

function fieldsOf<T extends FigureTable>(rows: readonly FigureRow[]): Fields<T> {
  const entries = rows.flatMap((row): [string, Schema][] => {
    if ("kind" in row && row.kind === "interval") return [[row.json, about(sentenceOf(row), interval())]];
    const field: [string, Schema] = [row.json, about(sentenceOf(row), orNull(value(row)))];
    return hasInterval(row) ? [field, [intervalField(row), interval()]] : [field];
  });
  return Object.fromEntries(entries) as unknown as Fields<T>;
}

/** The figures of a finding. */
// @__NO_SIDE_EFFECTS__
export function findingFields() {
  return fieldsOf<Findings>(Object.values(FINDING_FIGURES));
}

/** Those of them that have a mean over findings. */
// @__NO_SIDE_EFFECTS__
export function meanFields() {
  return fieldsOf<Pick<Findings, RankFigureName>>(RANK_FIGURES.map((name) => FINDING_FIGURES[name]));
}

/** The figures at a threshold. */
// @__NO_SIDE_EFFECTS__
export function diagnosticFields() {
  return fieldsOf<Diagnostics>(Object.values(DIAGNOSTIC_FIGURES));
}

/** The figures by which raw and calibrated probabilities are compared; none is null. */
// @__NO_SIDE_EFFECTS__
export function calibrationFields() {
  const rows = CALIBRATION_FIGURES.map((name) => FINDING_FIGURES[name]);
  const entries = rows.map((row) => [row.json, about(sentenceOf(row), value(row))]);
  return Object.fromEntries(entries) as {
    readonly [K in CalibrationFigureName as Findings[K]["json"]]: Value;
  };
}
