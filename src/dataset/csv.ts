/**
 * A CSV file as rows of fields, each with its line.
 *
 * Knows: CSV (papaparse). Not what the columns mean.
 */

import Papa from "papaparse";
import { quote, XrayError } from "../errors.ts";

/** A table of texts. */
export interface CsvTable {
  readonly header: readonly string[];
  /** Fields in the order of the header. They may be more or fewer. */
  readonly rows: readonly (readonly string[])[];
}

/** Line of a row in its file, counted from 1, where no field has a line break in it. */
export const lineOf = (row: number): number => row + 2;

/**
 * Read a CSV text with a header: commas, semicolons or tabs between fields, with quotes or without.
 *
 * @throws  XrayError `labels/not-csv`.
 */
export function parseCsv(text: string): CsvTable {
  const withoutMark = text.startsWith("\ufeff") ? text.slice(1) : text;
  const { data, errors } = Papa.parse<string[]>(withoutMark, {
    skipEmptyLines: "greedy",
    delimitersToGuess: [",", ";", "\t"],
  });
  const quotes = errors.find(({ type }) => type === "Quotes");
  const [header, ...rows] = data;
  if (header === undefined || rows.length === 0 || quotes !== undefined) {
    const problem =
      quotes === undefined ? "it has no rows" : `line ${(quotes.row ?? 0) + 1}: a quoted field has no end`;
    throw new XrayError("labels/not-csv", `this is no table with a header: ${problem}`, {});
  }
  return { header: header.map((name) => name.trim()), rows };
}

/** Index of the first column with one of these names, whatever their case; −1 where there is none. */
export function findColumn({ header }: CsvTable, names: readonly string[]): number {
  const wanted = names.map((name) => name.toLowerCase());
  return header.findIndex((name) => wanted.includes(name.toLowerCase()));
}

/** A few lines as words: `lines 3, 8, 9 and 40 more`. */
export function showLines(lines: readonly number[]): string {
  const [shown, rest] = [lines.slice(0, 3), lines.length - 3];
  if (lines.length === 1) return `line ${lines[0]}`;
  return `lines ${shown.join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
}

/** The columns that a table has, for an error. */
export function showHeader({ header }: CsvTable): string {
  const shown = header
    .slice(0, 12)
    .map((name) => quote(name))
    .join(", ");
  return header.length > 12 ? `${shown} and ${header.length - 12} more` : shown;
}
