/**
 * The character sets of DICOM text, by the terms and escape sequences that name them.
 *
 * Knows:      names. `encodings.ts` decodes.
 * Reference:  DICOM PS3.3, C.12.1.1.2; pydicom 2.3 `charset.py`, whose handling of misspelt terms this follows.
 */

/** How bytes become characters. `latin1` also stands for ISO-IR 6, as in pydicom. */
export type Encoding =
  | "latin1"
  | "latin5"
  | "thai"
  | "shift_jis"
  | "jisx0208"
  | "jisx0212"
  | "ksx1001"
  | "gb2312"
  | "iso-8859-2"
  | "iso-8859-3"
  | "iso-8859-4"
  | "iso-8859-5"
  | "iso-8859-6"
  | "iso-8859-7"
  | "iso-8859-8"
  | "utf-8"
  | "gb18030"
  | "gbk";

/** By the number of the ISO registry: single-byte sets, which may stand alone or be switched to, and multi-byte ones. */
const SINGLE_BYTE: Readonly<Record<string, Encoding>> = {
  6: "latin1",
  13: "shift_jis",
  100: "latin1",
  101: "iso-8859-2",
  109: "iso-8859-3",
  110: "iso-8859-4",
  126: "iso-8859-7",
  127: "iso-8859-6",
  138: "iso-8859-8",
  144: "iso-8859-5",
  148: "latin5",
  166: "thai",
};
const MULTI_BYTE: Readonly<Record<string, Encoding>> = {
  87: "jisx0208",
  159: "jisx0212",
  149: "ksx1001",
  58: "gb2312",
};

const prefixed = (prefix: string, sets: Readonly<Record<string, Encoding>>): [string, Encoding][] =>
  Object.entries(sets).map(([number, encoding]) => [`${prefix}${number}`, encoding]);

const BY_TERM: ReadonlyMap<string, Encoding> = new Map([
  ["", "latin1"] as const,
  ...prefixed("ISO_IR ", SINGLE_BYTE),
  ...prefixed("ISO 2022 IR ", { ...SINGLE_BYTE, ...MULTI_BYTE }),
  ["ISO_IR 192", "utf-8"],
  ["GB18030", "gb18030"],
  ["GBK", "gbk"],
  ["ISO 2022 GBK", "gbk"],
  ["ISO 2022 58", "gb2312"],
]);

/** Sets without code extensions. */
const ALONE: ReadonlySet<string> = new Set(["ISO_IR 192", "GBK", "GB18030"]);

/** A term with common spelling errors put right: `ISO-IR 100`, `ISO IR 100`, `ISO_2022_IR_100`. */
function corrected(term: string): string {
  if (/^ISO[^_]IR/.test(term)) return `ISO_IR${term.slice(6)}`;
  if (/^ISO.2022.IR./.test(term)) return `ISO 2022 IR ${term.slice(12)}`;
  return term;
}

/**
 * The encodings that a Specific Character Set (0008,0005) names: the first is in force until an escape sequence switches.
 *
 * @param terms  Its values. Unknown ones stand for ISO-IR 6.
 */
export function encodingsOf(terms: readonly string[]): readonly Encoding[] {
  const encodings = terms.map((term) => BY_TERM.get(term) ?? BY_TERM.get(corrected(term)) ?? "latin1");
  if (encodings.length === 0) return ["latin1"];
  if (ALONE.has(terms[0]!)) return encodings.slice(0, 1);
  return encodings.filter((_, i) => i === 0 || !ALONE.has(terms[i]!));
}

/** Escape sequences, without the escape character. DICOM PS3.3, tables C.12-3 and C.12-4. */
const BY_ESCAPE: ReadonlyMap<string, Encoding> = new Map([
  ["(B", "latin1"],
  ["-A", "latin1"],
  [")I", "shift_jis"],
  ["(J", "shift_jis"],
  ["$B", "jisx0208"],
  ["-B", "iso-8859-2"],
  ["-C", "iso-8859-3"],
  ["-D", "iso-8859-4"],
  ["-F", "iso-8859-7"],
  ["-G", "iso-8859-6"],
  ["-H", "iso-8859-8"],
  ["-L", "iso-8859-5"],
  ["-M", "latin5"],
  ["-T", "thai"],
  ["$)C", "ksx1001"],
  ["$(D", "jisx0212"],
  ["$)A", "gb2312"],
]);

/** What an escape sequence switches to. */
export interface Switch {
  readonly encoding: Encoding;
  /** Length of the sequence in bytes, with the escape character. */
  readonly length: number;
}

/** The switch that begins with the escape character at `at`, or undefined if it is unknown. */
export function switchAt(bytes: Uint8Array, at: number): Switch | undefined {
  const text = String.fromCharCode(...bytes.subarray(at + 1, at + 4));
  const sequence = /^\$[()]/.test(text) ? text : text.slice(0, 2);
  const encoding = BY_ESCAPE.get(sequence);
  return encoding === undefined ? undefined : { encoding, length: sequence.length + 1 };
}
