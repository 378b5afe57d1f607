/**
 * The two kinds of escapes with which protocol 0 writes text.
 *
 * Knows:      Python's escapes. Not opcodes.
 * Reference:  CPython, the codecs `raw-unicode-escape` and (Python 2) `string-escape`.
 */

const latin1 = new TextDecoder("latin1");

/** The argument of UNICODE: Latin-1 with `\uXXXX` and `\UXXXXXXXX`. */
export function decodeRawUnicodeEscape(bytes: Uint8Array): string {
  return rawLatin1(bytes).replace(/\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})/g, (whole, short, long) => {
    const point = Number.parseInt(short ?? long, 16);
    return point <= 0x10ffff ? String.fromCodePoint(point) : whole;
  });
}

/** Bytes as the characters with the same numbers. (For `TextDecoder`, `latin1` means Windows-1252.) */
export function rawLatin1(bytes: Uint8Array): string {
  if (bytes.every((byte) => byte < 0x80 || byte > 0x9f)) return latin1.decode(bytes);
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
}

const SIMPLE: Readonly<Record<string, string>> = {
  "\\": "\\",
  "'": "'",
  '"': '"',
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
};

/** The inside of a quoted STRING, with one character per byte. An unknown escape keeps its backslash, as in Python. */
export function decodeStringEscape(text: string): string {
  return text.replace(/\\(?:x([0-9a-fA-F]{2})|([0-7]{1,3})|(.))/gs, (whole, hex, octal, character) => {
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
    if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8) & 0xff);
    return SIMPLE[character] ?? whole;
  });
}
