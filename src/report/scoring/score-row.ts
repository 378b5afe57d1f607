/**
 * The row of one image among very many: its probabilities, or why there are none.
 *
 * Knows: names of columns. Not files.
 */

import type { ColumnValues, ParquetColumn } from "../../formats/parquet.ts";

/** What a model says about one image of a plan. */
export interface ScoreRow {
  /** The path or address as it was listed. */
  readonly image: string;
  /** In the order of the labels; null if the image could not be predicted. */
  readonly probabilities: readonly number[] | null;
  /** By label, null for labels without a calibration; null if the image could not be predicted. */
  readonly calibrated: readonly (number | null)[] | null;
  /** Names of the checks that warned, separated by `|`; null if the image could not be predicted. */
  readonly checks: string | null;
  /** SHA-256 of the image's bytes, in hexadecimal; null if they could not be read. */
  readonly sha256: string | null;
  readonly error: { readonly code: string; readonly message: string } | null;
}

/** The labels of a table of scores. */
export interface ScoreLabels {
  readonly labels: readonly string[];
  /** Those of them that also have a calibrated probability. */
  readonly calibrated: readonly string[];
}

/** The column of the images. */
export const IMAGE_COLUMN = "Image Index";
/** The column that says why an image has no probabilities. */
export const ERROR_CODE_COLUMN = "error_code";

/** `Image Index`, `prob_…`, `calibrated_…` where the model has a calibration, `checks`, `sha256`, the error. */
export const scoreColumns = ({ labels, calibrated }: ScoreLabels): readonly ParquetColumn[] => [
  { name: IMAGE_COLUMN, type: "text" },
  ...labels.map((label) => ({ name: `prob_${label}`, type: "float32" }) as const),
  ...calibrated.map((label) => ({ name: `calibrated_${label}`, type: "float32" }) as const),
  { name: "checks", type: "text" },
  { name: "sha256", type: "text" },
  { name: ERROR_CODE_COLUMN, type: "text" },
  { name: "error_message", type: "text" },
];

/** Rows as columns, in the order of `scoreColumns`. */
export function columnsOfRows(
  rows: readonly ScoreRow[],
  { labels, calibrated }: ScoreLabels,
): readonly ColumnValues[] {
  return [
    rows.map(({ image }) => image),
    ...labels.map((_, i) => rows.map(({ probabilities }) => probabilities?.[i] ?? null)),
    ...calibrated.map((label) => {
      const at = labels.indexOf(label);
      return rows.map((row) => row.calibrated?.[at] ?? null);
    }),
    rows.map(({ checks }) => checks),
    rows.map(({ sha256 }) => sha256),
    rows.map(({ error }) => error?.code ?? null),
    rows.map(({ error }) => error?.message ?? null),
  ];
}
