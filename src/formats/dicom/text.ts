/**
 * An attribute's text: its values, decoded.
 *
 * Knows:      escape sequences and delimiters. Not which attribute it is.
 * Reference:  DICOM PS3.5, 6.1.2.5; pydicom 2.3 `decode_bytes`.
 */

import { type Encoding, switchAt } from "./character-sets.ts";
import { decodeBytes } from "./encodings.ts";

const ESCAPE = 0x1b;
const BACKSLASH = 0x5c;
const EQUALS = 0x3d;

/** Bytes after which the first character set is in force again: the ends of lines, and the parts of a name. */
const DELIMITERS = new Set([0x09, 0x0a, 0x0c, 0x0d]);
const NAME_DELIMITERS = new Set([0x5e]);

/** Value representations with one value, in which a backslash is a character and leading spaces count. */
const ONE_VALUE = new Set(["LT", "ST", "UT", "UR"]);

/** Value representations whose text is in the file's own character set. The text of others is ASCII. */
const IN_CHARACTER_SET = new Set(["LO", "LT", "PN", "SH", "ST", "UC", "UT"]);

/** Sets of two bytes in seven bits, in which a delimiter's byte may be half of a character. */
const SEVEN_BIT: ReadonlySet<Encoding> = new Set(["jisx0208", "jisx0212", "gb2312"]);

/** The pieces between separators. */
function split(bytes: Uint8Array, separator: number): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  let start = 0;
  for (let at = bytes.indexOf(separator); at >= 0; at = bytes.indexOf(separator, start)) {
    pieces.push(bytes.subarray(start, at));
    start = at + 1;
  }
  return [...pieces, bytes.subarray(start)];
}

/** The pieces that begin with an escape character, and what stands before the first. */
function atEscapes(bytes: Uint8Array): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  let start = 0;
  for (let at = bytes.indexOf(ESCAPE, 1); at >= 0; at = bytes.indexOf(ESCAPE, start + 1)) {
    pieces.push(bytes.subarray(start, at));
    start = at;
  }
  return [...pieces, bytes.subarray(start)];
}

/** Decode a piece that has no escape sequence but perhaps one at its beginning. */
function decodePiece(
  piece: Uint8Array,
  encodings: readonly Encoding[],
  delimiters: ReadonlySet<number>,
): string {
  const first = encodings[0]!;
  if (piece[0] !== ESCAPE) return decodeBytes(piece, first);
  const found = switchAt(piece, 0);
  if (found === undefined || !(encodings.includes(found.encoding) || found.encoding === "latin1")) {
    return decodeBytes(piece, first);
  }
  const rest = piece.subarray(found.length);
  const delimiter = SEVEN_BIT.has(found.encoding) ? -1 : rest.findIndex((byte) => delimiters.has(byte));
  const end = delimiter < 0 ? rest.length : delimiter;
  return decodeBytes(rest.subarray(0, end), found.encoding) + decodeBytes(rest.subarray(end), first);
}

function decode(bytes: Uint8Array, encodings: readonly Encoding[], delimiters: ReadonlySet<number>): string {
  return atEscapes(bytes)
    .map((piece) => decodePiece(piece, encodings, delimiters))
    .join("");
}

const isPadding = (text: string, at: number): boolean => text[at] === " " || text[at] === "\0";

/** Without padding at the end. Loops, since a regular expression would take quadratic time over spaces within. */
function trimmedEnd(text: string, isTaken: (text: string, at: number) => boolean = isPadding): string {
  let end = text.length;
  while (end > 0 && isTaken(text, end - 1)) end -= 1;
  return text.slice(0, end);
}

/** Without padding on either side. */
function trimmed(text: string): string {
  let start = 0;
  while (isPadding(text, start)) start += 1;
  return trimmedEnd(text.slice(start));
}

/** A name's up to three groups, without empty ones at the end. */
function decodeName(bytes: Uint8Array, encodings: readonly Encoding[]): string {
  const groups = split(bytes, EQUALS).map((group) => decode(group, encodings, NAME_DELIMITERS));
  return trimmedEnd(trimmedEnd(groups.join("=")), (text, at) => text[at] === "=");
}

/**
 * The values of a text.
 *
 * @param bytes      The attribute's value.
 * @param vr         Its value representation.
 * @param encodings  Those of its data set (`encodingsOf`).
 * @returns          The values, without padding; none if the whole is empty. What cannot be decoded becomes U+FFFD.
 */
export function textValues(bytes: Uint8Array, vr: string, encodings: readonly Encoding[]): readonly string[] {
  const used: readonly Encoding[] = IN_CHARACTER_SET.has(vr) ? encodings : ["latin1"];
  if (ONE_VALUE.has(vr)) {
    const text = trimmedEnd(decode(bytes, used, DELIMITERS));
    return text === "" ? [] : [text];
  }
  const values = split(bytes, BACKSLASH)
    .map((value) => (vr === "PN" ? decodeName(value, used) : decode(value, used, DELIMITERS)))
    .map(trimmed);
  return values.every((value) => value === "") ? [] : values;
}
