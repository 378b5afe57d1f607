/**
 * A reader of CSV text that yields one record at a time, with the line on which it begins.
 *
 * Knows:      CSV: quotation marks, line ends, a byte order mark, commas, semicolons or tabs. Not what columns mean.
 * Reference:  RFC 4180, as papaparse reads it.
 */

import Papa from "papaparse";
import { quote, XrayError } from "../errors.ts";

/** Called with each record below the header and its line in the file, counted from 1. */
export type OnRecord = (fields: readonly string[], line: number) => void;

/**
 * Characters parsed at a time. Keeping all records at once would cost the garbage collector as much as parsing costs.
 */
const PIECE = 1 << 18;

/** Whether a line is blank, or has only separators, as spreadsheets leave them. */
const isBlank = (record: readonly string[]): boolean =>
  record[0]!.trim() === "" && record.every((field) => field.trim() === "");

/** A first line that tells a spreadsheet which separator to use. */
const SEPARATOR_LINE = /^"?sep=(.)"?(?:\n|$)/i;

/** The separator that occurs most often in the first line, outside quotation marks. */
function separatorOf(text: string): string {
  const end = text.indexOf("\n");
  const first = (end < 0 ? text : text.slice(0, end)).replaceAll(/"[^"]*"/g, "");
  const [separator] = [",", ";", "\t"]
    .map((candidate) => ({ candidate, count: first.split(candidate).length }))
    .sort((a, b) => b.count - a.count);
  return separator!.candidate;
}

/** The text in pieces of whole records. With quotation marks, a line may end inside a record, so there is one piece. */
function* piecesOf(text: string): Generator<string> {
  if (text.includes('"')) {
    yield text;
    return;
  }
  for (let start = 0; start < text.length; ) {
    const end = text.indexOf("\n", start + PIECE);
    const next = end < 0 ? text.length : end + 1;
    yield text.slice(start, next);
    start = next;
  }
}

/** Visit every record with its line. After a piece's last line end, papaparse adds a blank record, which is skipped. */
function forEachRecord(text: string, visit: OnRecord): void {
  const told = SEPARATOR_LINE.exec(text);
  const rest = told === null ? text : text.slice(told[0].length);
  const separator = told?.[1] ?? separatorOf(text);
  let line = told === null ? 1 : 2;
  for (const piece of piecesOf(rest)) {
    const { data, errors } = Papa.parse<string[]>(piece, { delimiter: separator, newline: "\n" });
    const broken = errors[0]?.row;
    const isQuoted = piece.includes('"');
    const last = piece.endsWith("\n") ? data.length - 1 : data.length;
    for (const [i, record] of data.entries()) {
      if (i === broken) {
        throw new XrayError(
          "labels/bad-csv",
          `line ${line}: a quotation mark is not closed, or stands within a field: ${quote(record[0])}; double it, or put the whole field into quotation marks`,
          { line },
        );
      }
      if (!isBlank(record)) visit(record, line);
      if (i < last) line += 1;
      if (isQuoted) for (const field of record) line += field.split("\n").length - 1;
    }
  }
}

function headerOf(record: readonly string[]): string[] {
  const fields = record.map((field) => field.trim());
  return fields.slice(0, fields.findLastIndex((field) => field !== "") + 1);
}

/**
 * Read CSV text, record by record.
 *
 * @param text  A whole file. Line ends may be LF, CRLF or CR, even mixed. Blank lines are skipped, as is a first line
 *              `sep=;`, which Excel writes.
 * @param open  Called with the header: the first record's fields, trimmed, without empty ones at the end. It returns
 *              the function to call with each record below. Records may have any number of fields.
 * @throws      XrayError `labels/empty` without a header; `labels/bad-csv` if a quotation mark is never closed or is
 *              misplaced, with details `{ line }`.
 */
export function readCsv(text: string, open: (header: readonly string[]) => OnRecord): void {
  const plain = text.startsWith("\ufeff") ? text.slice(1) : text;
  const unix = plain.includes("\r") ? plain.replaceAll(/\r\n?/g, "\n") : plain;
  let onRecord: OnRecord | undefined;
  forEachRecord(unix, (fields, line) => {
    if (onRecord === undefined) onRecord = open(headerOf(fields));
    else onRecord(fields, line);
  });
  if (onRecord === undefined)
    throw new XrayError("labels/empty", "the file is empty; its first line must name the columns");
}
