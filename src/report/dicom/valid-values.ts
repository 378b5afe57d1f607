/**
 * Values of another file as they may be written: valid for their value representation, whatever they were before.
 *
 * Names and descriptions that are too long are cut. Identifiers are taken whole or not at all, since a part of one could
 * be another's. DICOM limits the number of characters, but common validators count bytes: what is cut is cut to as many
 * bytes, and what is valid stays as it is.
 *
 * Knows:      texts. Not which attributes they are of.
 * Reference:  DICOM PS3.5, table 6.2-1.
 */

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROLS = /[\u0000-\u001f\u007f-\u009f]/g;

const utf8 = new TextEncoder();

/** As many characters as fit into a number of bytes in UTF-8. */
function cut(text: string, mostBytes: number): string {
  const { read } = utf8.encodeInto(text, new Uint8Array(mostBytes));
  return text.slice(0, read).trim();
}

const isLongerThan = (text: string, most: number): boolean => [...text].length > most;

/** Text of one line: without control characters and backslashes, which would separate values. */
const oneLine = (text: string): string => text.replaceAll(CONTROLS, " ").replaceAll("\\", "/");

/** A description of at most 64 characters. */
export function description(text: string | undefined): string {
  const line = oneLine(text ?? "").trim();
  return isLongerThan(line, 64) ? cut(line, 64) : line;
}

/** A text of our own for the same attributes, of at most 64 bytes. */
export const shortText = (text: string): string => cut(oneLine(text).trim(), 64);

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const NOT_IN_TEXT = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/** Text of several lines, which end with CR and LF, as DICOM has it. Other control characters become spaces. */
export const lines = (text: string): string =>
  text.replaceAll(/\r\n?/g, "\n").replaceAll(NOT_IN_TEXT, " ").replaceAll("\n", "\r\n");

/**
 * An identifier as it is; empty if it is not valid.
 *
 * @param values  All values of the attribute. An identifier has one.
 */
export function identifier(values: readonly string[], most: number): string {
  const [only = "", ...others] = values;
  const isValid = others.length === 0 && oneLine(only) === only && !isLongerThan(only, most);
  return isValid ? only : "";
}

/** A person's name: at most three groups (alphabetic, ideographic, phonetic) of five components and 64 characters. */
export function personName(text: string | undefined): string {
  const groups = oneLine(text ?? "")
    .trim()
    .split("=");
  const parts = groups.slice(0, 3).map((group) => group.split("^").slice(0, 5).join("^"));
  const name = parts.join("=").replace(/=+$/, "");
  return parts.some((part) => isLongerThan(part, 64)) ? cut(name, 64).replace(/=+$/, "") : name;
}

const isDay = (year: number, month: number, day: number): boolean => {
  const date = new Date(Date.UTC(year, month - 1, day));
  return year > 0 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
};

/** A date, also from the form `2026.11.27` of ACR-NEMA; empty if it is none. */
export function date(text: string | undefined): string {
  const parts = /^(\d{4})(\.?)(\d{2})\2(\d{2})$/.exec(text?.trim() ?? "");
  if (parts === null) return "";
  const [, year, , month, day] = parts;
  return isDay(Number(year), Number(month), Number(day)) ? `${year}${month}${day}` : "";
}

const HOUR = "(?:[01]\\d|2[0-3])";
const TIME = new RegExp(`^${HOUR}(?:[0-5]\\d(?:(?:[0-5]\\d|60)(?:\\.\\d{1,6})?)?)?$`);

/** A time of day, also from the form `10:15:30` of ACR-NEMA; empty if it is none. */
export function time(text: string | undefined): string {
  const plain = (text?.trim() ?? "").replace(/^(\d\d):(\d\d)(?::(\d\d))?/, "$1$2$3");
  return TIME.test(plain) ? plain : "";
}

/** One of the terms, in whatever case it is written; empty if it is none of them. */
export function term(text: string | undefined, terms: readonly string[]): string {
  const upper = text?.trim().toUpperCase() ?? "";
  return terms.includes(upper) ? upper : "";
}

/** A code string; empty if it cannot be one. */
export function codeString(text: string | undefined): string {
  const upper = text?.trim().toUpperCase() ?? "";
  return /^[A-Z0-9_ ]{1,16}$/.test(upper) ? upper : "";
}

/** A UID, or undefined if the text is none. Leading zeros in a component are let pass, since some devices write them. */
export function uid(text: string | undefined): string | undefined {
  const plain = text?.trim() ?? "";
  return plain.length <= 64 && /^\d+(?:\.\d+)+$/.test(plain) ? plain : undefined;
}

/** Minutes that a time zone such as `-0500` is ahead of UTC; undefined if it is none. */
export function zoneMinutes(text: string | undefined): number | undefined {
  const parts = /^([+-])(\d{2})([0-5]\d)$/.exec(text?.trim() ?? "");
  if (parts === null) return undefined;
  const minutes = Number(parts[2]) * 60 + Number(parts[3]);
  const signed = parts[1] === "-" ? -minutes : minutes;
  return signed >= -12 * 60 && signed <= 14 * 60 ? signed : undefined;
}
