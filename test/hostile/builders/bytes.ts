/**
 * Putting bytes together, for files that no well-behaved program writes.
 *
 * Knows: byte order. Not any format.
 */

/** All pieces in one new array. */
export function concat(...pieces: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    out.set(piece, at);
    at += piece.length;
  }
  return out;
}

/** One character, one byte. */
export function latin1(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function number(width: number, write: (view: DataView) => void): Uint8Array {
  const bytes = new Uint8Array(width);
  write(new DataView(bytes.buffer));
  return bytes;
}

export const u8 = (value: number): Uint8Array => Uint8Array.of(value);
export const u16 = (value: number): Uint8Array => number(2, (view) => view.setUint16(0, value, true));
export const u32 = (value: number): Uint8Array => number(4, (view) => view.setUint32(0, value, true));
export const u64 = (value: number | bigint): Uint8Array =>
  number(8, (view) => view.setBigUint64(0, BigInt(value), true));
export const u32BigEndian = (value: number): Uint8Array =>
  number(4, (view) => view.setUint32(0, value, false));

/** The piece again and again. */
export function repeat(piece: Uint8Array, times: number): Uint8Array {
  const out = new Uint8Array(piece.length * times);
  if (piece.length === 1) return out.fill(piece[0]!);
  for (let i = 0; i < times; i++) out.set(piece, i * piece.length);
  return out;
}

/** A copy with other bytes at an offset. */
export function patched(bytes: Uint8Array, at: number, replacement: Uint8Array): Uint8Array {
  const out = bytes.slice();
  out.set(replacement, at);
  return out;
}
