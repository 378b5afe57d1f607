/**
 * Reading bytes without ever running past their end.
 *
 * Knows: bounds and byte order. Not any format.
 */

import { XrayError } from "../errors.ts";

/** A little-endian cursor over bytes. Every read throws `format/truncated` rather than run past the end. */
export class ByteReader {
  readonly bytes: Uint8Array;
  at: number;
  readonly #view: DataView;

  constructor(bytes: Uint8Array, at = 0) {
    this.bytes = bytes;
    this.at = at;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get remaining(): number {
    return this.bytes.length - this.at;
  }

  /** Advance by `count` bytes and return where they begin. */
  #advance(count: number): number {
    if (!(count >= 0 && count <= this.remaining)) {
      throw new XrayError(
        "format/truncated",
        `the file ends at byte ${this.bytes.length}, but ${count} more ${count === 1 ? "was" : "were"} expected at byte ${this.at}; it is cut short or damaged`,
        { at: this.at, expected: count, length: this.bytes.length },
      );
    }
    const start = this.at;
    this.at += count;
    return start;
  }

  u8(): number {
    return this.#view.getUint8(this.#advance(1));
  }

  u16(): number {
    return this.#view.getUint16(this.#advance(2), true);
  }

  u32(): number {
    return this.#view.getUint32(this.#advance(4), true);
  }

  i32(): number {
    return this.#view.getInt32(this.#advance(4), true);
  }

  /** A 64-bit count. Throws `format/absurd-size` above 2⁵³ − 1, which is more than any file holds. */
  u64(): number {
    const value = this.#view.getBigUint64(this.#advance(8), true);
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) {
      throw new XrayError(
        "format/absurd-size",
        `a size of ${value} bytes is given at byte ${this.at - 8}, which no file has; it is damaged`,
        {
          at: this.at - 8,
        },
      );
    }
    return Number(value);
  }

  f64BigEndian(): number {
    return this.#view.getFloat64(this.#advance(8), false);
  }

  /** The next `count` bytes, as a view. */
  take(count: number): Uint8Array {
    const start = this.#advance(count);
    return this.bytes.subarray(start, start + count);
  }

  /** Bytes up to the next line feed, which is consumed and not returned; at most `limit` of them. */
  line(limit = 65_536): Uint8Array {
    const end = this.bytes.indexOf(10, this.at);
    if (end < 0 || end - this.at > limit) {
      throw new XrayError(
        "format/truncated",
        `there is no end of line within ${limit} bytes of byte ${this.at}; it is damaged`,
        {
          at: this.at,
        },
      );
    }
    const line = this.take(end - this.at);
    this.at += 1;
    return line;
  }
}

const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });
const latin1 = new TextDecoder("latin1");
const REPLACEMENT = "\ufffd";

/** Text, decoded as UTF-8 if it is valid and otherwise as Latin-1, as Python 2 wrote it. */
export function decodeText(bytes: Uint8Array): string {
  const text = utf8.decode(bytes);
  // Throwing an exception for each damaged name would be slow for a file with many of them.
  if (!text.includes(REPLACEMENT) || isTrueReplacement(bytes)) return text;
  return latin1.decode(bytes);
}

/** Whether the bytes contain U+FFFD itself (EF BF BD). */
function isTrueReplacement(bytes: Uint8Array): boolean {
  for (let i = bytes.indexOf(0xef); i >= 0; i = bytes.indexOf(0xef, i + 1)) {
    if (bytes[i + 1] === 0xbf && bytes[i + 2] === 0xbd) return true;
  }
  return false;
}

/** Whether the bytes at `at` spell `text` (ASCII). */
export function startsWith(bytes: Uint8Array, text: string, at = 0): boolean {
  for (let i = 0; i < text.length; i++) {
    if (bytes[at + i] !== text.charCodeAt(i)) return false;
  }
  return true;
}

/** The pieces, joined. */
export function concatBytes(pieces: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    out.set(piece, at);
    at += piece.length;
  }
  return out;
}
