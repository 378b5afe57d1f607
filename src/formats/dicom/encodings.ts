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

/** Characters that the platform, as Windows does, reads for other ones of JIS. */
const JIS_OF_WINDOWS: Readonly<Record<string, string>> = {
  "\uff5e": "\u301c",
  "\u2225": "\u2016",
  "\uff0d": "\u2212",
  "\uffe0": "\u00a2",
  "\uffe1": "\u00a3",
  "\uffe2": "\u00ac",
};

const eucJp = byPlatform("euc-jp");

/** A 94 × 94 set in seven bits, decoded in the place where EUC-JP has it. Control characters stay. */
const sevenBitJapanese =
  (prefix: readonly number[], characters: Readonly<Record<string, string>>): Decode =>
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
      const read = isPair ? eucJp(Uint8Array.of(...prefix, first | 0x80, second | 0x80)) : REPLACEMENT;
      text += characters[read] ?? read;
    }
    return text;
  };

const shiftJis = byPlatform("shift_jis");

const DECODERS: { readonly [encoding in Encoding]: Decode } = {
  latin1: byByte((byte) => String.fromCharCode(byte)),
  latin5: byByte((byte) => LATIN5[byte] ?? String.fromCharCode(byte)),
  thai: byByte(thai),
  shift_jis: (bytes) => shiftJis(bytes),
  jisx0208: sevenBitJapanese([], JIS_OF_WINDOWS),
  jisx0212: sevenBitJapanese([0x8f], {}),
  ksx1001: byPlatform("euc-kr"),
  gb2312: byPlatform("gbk"),
  "iso-8859-2": byPlatform("iso-8859-2"),
  "iso-8859-3": byPlatform("iso-8859-3"),
  "iso-8859-4": byPlatform("iso-8859-4"),
  "iso-8859-5": byPlatform("iso-8859-5"),
  "iso-8859-6": byPlatform("iso-8859-6"),
  "iso-8859-7": byPlatform("iso-8859-7"),
  "iso-8859-8": byPlatform("iso-8859-8"),
  "utf-8": byPlatform("utf-8"),
  gb18030: byPlatform("gb18030"),
  gbk: byPlatform("gbk"),
};

/** Decode bytes, with U+FFFD in place of what cannot be decoded. */
export const decodeBytes = (bytes: Uint8Array, encoding: Encoding): string => DECODERS[encoding](bytes);
