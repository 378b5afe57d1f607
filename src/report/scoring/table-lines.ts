/**
 * Scores of many images as lines of CSV or NDJSON.
 *
 * Knows: rows. Not files. Reference: docs/formats.md.
 */

import { csvRecord } from "../words/csv.ts";
import { nineDigits } from "../words/numbers.ts";
import { type ScoreLabels, type ScoreRow, scoreColumns } from "./score-row.ts";

/** The header of the CSV table. */
export const scoreCsvHeader = (labels: ScoreLabels): string =>
  csvRecord(scoreColumns(labels).map(({ name }) => name));

const number = (value: number | null | undefined): number | null =>
  value === null || value === undefined ? null : nineDigits(value);

/** One line of the CSV table; without probabilities, its numbers are empty. */
export function scoreCsvLine(row: ScoreRow, { labels, calibrated }: ScoreLabels): string {
  return csvRecord([
    row.image,
    ...labels.map((_, i) => number(row.probabilities?.[i])),
    ...calibrated.map((label) => number(row.calibrated?.[labels.indexOf(label)])),
    row.checks,
    row.sha256,
    row.error?.code,
    row.error?.message,
  ]);
}

const byLabel = (labels: readonly string[], numberFor: (label: string) => number | null) =>
  Object.fromEntries(labels.map((label) => [label, numberFor(label)]));

/** One object on one line. */
export function scoreJsonLine(row: ScoreRow, { labels, calibrated }: ScoreLabels): string {
  const { image, sha256, error } = row;
  if (row.probabilities === null) return `${JSON.stringify({ image, sha256, error })}\n`;
  const at = (label: string) => labels.indexOf(label);
  return `${JSON.stringify({
    image,
    probabilities: byLabel(labels, (label) => number(row.probabilities?.[at(label)])),
    ...(calibrated.length === 0
      ? {}
      : { calibrated: byLabel(calibrated, (label) => number(row.calibrated?.[at(label)])) }),
    checks: row.checks === null || row.checks === "" ? [] : row.checks.split("|"),
    sha256,
  })}\n`;
}
