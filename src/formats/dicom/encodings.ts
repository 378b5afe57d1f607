/**
 * Bytes in one character set to text.
 *
 * Knows:      how each encoding differs from the one of that name in the WHATWG Encoding Standard, which `TextDecoder`
 *             follows. Not escape sequences.
 * Reference:  Python's codecs of these names, which pydicom uses.
 */

import type { Encoding } from "./character-sets.ts";

const REPLACEMENT = "\ufffd";

/** Text, with U+FFFD for what cannot be decoded. */
type Decode = (bytes: Uint8Array) => string;

/** One character for each byte. */
const byByte =
  (character: (byte: number) => string): Decode =>
  (bytes) =>
    Array.from(bytes, character).join("");

const byPlatform = (name: string): Decode => {
  let decoder: InstanceType<typeof TextDecoder> | undefined;
  return (bytes) => {
    decoder ??= new TextDecoder(name, { ignoreBOM: true });
    return decoder.decode(bytes);
  };
};

/** ISO 8859-9, which the platform takes for windows-1254. */
const LATIN5: Readonly<Record<number, string>> = {
  0xd0: "Ğ",
  0xdd: "İ",
  0xde: "Ş",
  0xf0: "ğ",
  0xfd: "ı",
  0xfe: "ş",
};

/** TIS 620, which the platform takes for windows-874. */
function thai(byte: number): string {
  if (byte < 0xa0) return String.fromCharCode(byte);
  const isAssigned = (byte > 0xa0 && byte < 0xdb) || (byte > 0xde && byte < 0xfc);
  return isAssigned ? String.fromCharCode(byte - 0xa0 + 0x0e00) : REPLACEMENT;
}

/** Characters in place of those that the platform gives. */
type Exceptions = Readonly<Record<string, string>>;

/** Characters that the platform, as Windows does, gives for other ones of JIS. */
const JIS: Exceptions = {
  "\uff5e": "\u301c",
  "\u2225": "\u2016",
  "\uff0d": "\u2212",
  "\uffe0": "\u00a2",
  "\uffe1": "\u00a3",
  "\uffe2": "\u00ac",
};

const replaced = (text: string, exceptions: Exceptions): string =>
  Array.from(text, (character) => exceptions[character] ?? character).join("");

const eucJp = byPlatform("euc-jp");

/** A 94 × 94 set in seven bits, decoded in the place where EUC-JP has it. Control characters stay. */
const sevenBitJapanese =
  (prefix: readonly number[], exceptions: Exceptions): Decode =>
  (bytes) => {
    let text = "";
    for (let i = 0; i < bytes.length; i++) {
      const [first, second] = [bytes[i]!, bytes[i + 1] ?? 0];
      if (first <= 0x20) {
        text += String.fromCharCode(first);
        continue;
      }
      i += 1;
      const isPair = first < 0x7f && second > 0x20 && second < 0x7f;
      const pair = [...prefix, first | 0x80, second | 0x80];
      text += isPair ? replaced(eucJp(Uint8Array.from(pair)), exceptions) : REPLACEMENT;
    }
    return text;
  };

const windows31j = byPlatform("shift_jis");

/** JIS X 0201 in single bytes, and JIS X 0208 in pairs. Not every platform leaves control characters alone. */
function shiftJis(bytes: Uint8Array): string {
  let text = "";
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]!;
    if (byte < 0x80) text += String.fromCharCode(byte);
    else if (byte > 0xa0 && byte < 0xe0) text += String.fromCharCode(byte - 0xa1 + 0xff61);
    else {
      text += replaced(windows31j(bytes.subarray(i, i + 2)), JIS);
      i += 1;
    }
  }
  return text;
}

const eucKr = byPlatform("euc-kr");

/** KS X 1001. Not every platform has its two newest characters. */
function ksx1001(bytes: Uint8Array): string {
  let text = "";
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]!;
    if (byte < 0x80) {
      text += String.fromCharCode(byte);
      continue;
    }
    const pair = bytes.subarray(i, i + 2);
    const newest = byte === 0xa2 ? { 0xe6: "€", 0xe7: "®" }[pair[1] ?? 0] : undefined;
    text += newest ?? eucKr(pair);
    i += 1;
  }
  return text;
}

const gbk = byPlatform("gbk");

/** Characters of GB 2312 for which GBK has others. */
const GB2312: Exceptions = { "\u00b7": "\u30fb", "\u2014": "\u2015" };

const DECODERS: { readonly [encoding in Encoding]: Decode } = {
  latin1: byByte((byte) => String.fromCharCode(byte)),
  latin5: byByte((byte) => LATIN5[byte] ?? String.fromCharCode(byte)),
  thai: byByte(thai),
  shift_jis: shiftJis,
  jisx0208: sevenBitJapanese([], JIS),
  jisx0212: sevenBitJapanese([0x8f], { "\uff5e": "~" }),
  ksx1001,
  gb2312: (bytes) => replaced(gbk(bytes), GB2312),
  "iso-8859-2": byPlatform("iso-8859-2"),
  "iso-8859-3": byPlatform("iso-8859-3"),
  "iso-8859-4": byPlatform("iso-8859-4"),
  "iso-8859-5": byPlatform("iso-8859-5"),
  "iso-8859-6": byPlatform("iso-8859-6"),
  "iso-8859-7": byPlatform("iso-8859-7"),
  "iso-8859-8": byPlatform("iso-8859-8"),
  "utf-8": byPlatform("utf-8"),
  gb18030: byPlatform("gb18030"),
  gbk,
};

/** Decode bytes, with U+FFFD in place of what cannot be decoded. */
export const decodeBytes = (bytes: Uint8Array, encoding: Encoding): string => DECODERS[encoding](bytes);
