/**
 * What every figure of an evaluation has, whatever it measures: its names, its range, which way is better, and where it is
 * shown. Each figure is a row of one of two tables, `finding-figures.ts` and `diagnostic-figures.ts`.
 *
 * Types, JSON and its schema, CSV, and the columns of the text and of the page come from these rows.
 *
 * Knows: words and numbers about figures. Not how any is computed.
 */

/**
 * Where a figure is shown. JSON has all figures.
 *
 * - `text`: the table of findings that `evaluate` prints
 * - `targets`: the table that it prints for each target sensitivity or specificity
 * - `html`: the tables of `report.html`, with a sentence on what the figure means
 * - `csv`: `metrics.csv`
 */
export type Shown = "text" | "targets" | "html" | "csv";

/** A row of a table of figures. */
export interface FigureRow {
  /** The field of JSON and the column of CSV: `average_precision`. Its interval is `average_precision_ci`. */
  readonly json: string;
  /** The head of its column: `Brier`. */
  readonly label: string;
  /** The same in plain text, where it has to be shorter: `sens.` */
  readonly short?: string;
  /** In a caption or at the start of a sentence: `Brier score`. */
  readonly name: string;
  /** What it is, as the rest of the sentence `Brier score: …`, without a full stop. */
  readonly about: string;
  /** Which way is better. */
  readonly better: "higher" | "lower" | "neither";
  /** Lowest and highest value; infinite where there is no bound. */
  readonly range: readonly [low: number, high: number];
  readonly shownIn: readonly Shown[];
}

/** Figures by name. */
export type FigureTable<Row extends FigureRow = FigureRow> = Readonly<Record<string, Row>>;

/** Of each row of a table, under the row's name, what a function makes of it. */
export function ofEach<T extends FigureTable, R>(table: T, make: (row: T[keyof T]) => R) {
  const entries = Object.entries(table).map(([name, row]) => [name, make(row as T[keyof T])]);
  return Object.fromEntries(entries) as { readonly [K in keyof T]: R };
}

/** A figure in a sentence: `Brier score: … Lower is better.` */
export function sentenceOf({ name, about, better }: FigureRow): string {
  const direction =
    better === "neither" ? "" : ` ${better.charAt(0).toUpperCase()}${better.slice(1)} is better.`;
  return `${name}: ${about}.${direction}`;
}
