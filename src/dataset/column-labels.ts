/**
 * Labels in columns of their own: 1 present, 0 absent, blank, NaN or −1 not known (CheXpert's "uncertain" is −1).
 *
 * Knows: findings and values.
 */

import { quote, XrayError } from "../errors.ts";
import { FINDING_NAMES, matchLabel } from "../findings.ts";
import { type CsvTable, lineOf, showHeader } from "./csv.ts";
import type { LabelReader } from "./label-reader.ts";

const VALUES: Readonly<Record<string, number>> = {
  "1": 1,
  "1.0": 1,
  true: 1,
  "0": 0,
  "0.0": 0,
  false: 0,
  "": Number.NaN,
  nan: Number.NaN,
  "-1": Number.NaN,
  "-1.0": Number.NaN,
};

/** The columns of the labels: those wanted, all of which must be there, or the findings that there are. */
function labelColumns(table: CsvTable, wanted: readonly string[] | undefined) {
  const columnOf = (label: string): number => {
    const match = matchLabel(label, table.header);
    return match === undefined ? -1 : table.header.indexOf(match);
  };
  const found = (wanted ?? FINDING_NAMES).map((label) => ({ label, column: columnOf(label) }));
  const there = found.filter(({ column }) => column >= 0);
  if (there.length === 0 || (wanted !== undefined && there.length < wanted.length)) {
    const missing = found.filter(({ column }) => column < 0).map(({ label }) => label);
    throw new XrayError(
      "labels/no-label-columns",
      `there is no column for ${missing.slice(0, 5).join(", ")}: it has ${showHeader(table)}; ` +
        'needed is "Finding Labels", as NIH has it, or a column for each label (name yours with --labels a,b,…)',
      { header: table.header, missing },
    );
  }
  return there;
}

/**
 * Read a column for each label.
 *
 * @throws  XrayError `labels/no-label-columns`, `labels/bad-value`.
 */
export function columnLabels(table: CsvTable, wanted: readonly string[] | undefined): LabelReader {
  const columns = labelColumns(table, wanted);
  const unknown = new Float64Array(columns.length);
  return {
    labels: columns.map(({ label }) => label),
    columns: Math.max(...columns.map(({ column }) => column)) + 1,
    read(fields, row) {
      return Float32Array.from(columns, ({ label, column }, i) => {
        const text = fields[column]!.trim().toLowerCase();
        const value = VALUES[text];
        if (value === undefined) {
          throw new XrayError(
            "labels/bad-value",
            `line ${lineOf(row)}: ${label} is ${quote(fields[column])}; 1, 0, or blank for not known are read`,
            { line: lineOf(row), label, value: fields[column] },
          );
        }
        if (Number.isNaN(value)) unknown[i]! += 1;
        return value;
      });
    },
    notes: () =>
      columns.flatMap(({ label }, i) =>
        unknown[i] === 0
          ? []
          : [`${label} is not known of ${unknown[i]} images: they are left out of its loss`],
      ),
  };
}
