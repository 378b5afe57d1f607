/**
 * CSV: fields in, one line of text out.
 *
 * Knows:      which fields need quotation marks. Not what they mean.
 * Reference:  RFC 4180, with LF at the end of a line; Python's `csv.writer` quotes the same fields.
 */

/** Text and numbers as JavaScript spells them; nothing of null and undefined. */
export type CsvField = string | number | null | undefined;

/** What would end a field or begin another one. Spaces are part of a field and need no quotation marks. */
const SPECIAL = /[",\r\n]/;

function fieldText(field: CsvField): string {
  const text = String(field ?? "");
  return SPECIAL.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** One record with its line end. */
export const csvRecord = (fields: readonly CsvField[]): string => `${fields.map(fieldText).join(",")}\n`;
