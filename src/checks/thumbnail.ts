/**
 * A picture as a small square of averages, from which the checks of the pixels judge it.
 *
 * Pipeline:   grey → **thumbnail** → pose, exposure
 * Knows:      numbers.
 */

/** Width and height of a thumbnail. */
export const SIDE = 32;

/** Which pixels a cell of a thumbnail covers along one axis. Weights are in units of 1/SIDE of a pixel. */
interface Span {
  /** The first pixel that lies in the cell, and how much of it does. */
  readonly first: number;
  readonly firstWeight: number;
  /** The pixels `from` to `to` − 1 lie in the cell as a whole. */
  readonly from: number;
  readonly to: number;
  /** The last pixel that lies in the cell, and how much of it does, if it is counted neither as first nor as a whole. */
  readonly last: number;
  readonly lastWeight: number;
}

function spans(length: number): readonly Span[] {
  return Array.from({ length: SIDE }, (_, cell) => {
    const begin = cell * length;
    const end = begin + length;
    const first = Math.floor(begin / SIDE);
    const from = Math.ceil(begin / SIDE);
    const to = Math.max(Math.floor(end / SIDE), from);
    const firstWeight = Math.min(end, from * SIDE) - begin;
    const lastWeight = Math.max(end - to * SIDE, 0);
    return { first, firstWeight, from, to, last: Math.min(to, length - 1), lastWeight };
  });
}

/** Grey values, and the same memory as words of four. */
interface Row {
  readonly bytes: Uint8Array;
  readonly words: Int32Array;
}

const EVEN_BYTES = 0x00ff00ff;

/** A sum of two 16-bit numbers holds so many words' bytes without an overflow. */
const MOST_WORDS = 256;

/** The sum of the grey values `from` to `to` − 1. Most are added four at a time, as two pairs of 16-bit sums. */
function sumOf({ bytes, words }: Row, from: number, to: number): number {
  let sum = 0;
  let at = from;
  for (; at < to && at % 4 !== 0; at++) sum += bytes[at]!;
  while (to - at >= 4) {
    const stop = Math.min(to >> 2, (at >> 2) + MOST_WORDS);
    let even = 0;
    let odd = 0;
    for (let i = at >> 2; i < stop; i++) {
      const word = words[i]!;
      even = (even + (word & EVEN_BYTES)) | 0;
      odd = (odd + ((word >>> 8) & EVEN_BYTES)) | 0;
    }
    sum += (even & 0xffff) + (even >>> 16) + (odd & 0xffff) + (odd >>> 16);
    at = stop * 4;
  }
  for (; at < to; at++) sum += bytes[at]!;
  return sum;
}

/**
 * The average grey value of each cell when a picture is divided into SIDE × SIDE cells of equal size. The picture is
 * stretched to a square. A pixel that lies in several cells counts in each with the share that lies there. Sums are
 * exact, because they are integers.
 *
 * @param picture  H·W grey values from 0 to 255, rows from the top; any size from 1 × 1. Not modified.
 * @returns        SIDE·SIDE values from 0 to 255, unrounded.
 */
export function thumbnail(picture: { width: number; height: number; grey: Uint8Array }): Float64Array {
  const { width, height } = picture;
  const bytes = picture.grey.byteOffset % 4 === 0 ? picture.grey : picture.grey.slice();
  const grey: Row = { bytes, words: new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2) };
  const columns = spans(width);
  const out = new Float64Array(SIDE * SIDE);
  const addRow = (y: number, weight: number, cells: number) => {
    if (weight === 0) return;
    const start = y * width;
    for (let cell = 0; cell < SIDE; cell++) {
      const { first, firstWeight, from, to, last, lastWeight } = columns[cell]!;
      const ends = bytes[start + first]! * firstWeight + bytes[start + last]! * lastWeight;
      out[cells + cell]! += (sumOf(grey, start + from, start + to) * SIDE + ends) * weight;
    }
  };
  for (const [cell, { first, firstWeight, from, to, last, lastWeight }] of spans(height).entries()) {
    addRow(first, firstWeight, cell * SIDE);
    for (let y = from; y < to; y++) addRow(y, SIDE, cell * SIDE);
    addRow(last, lastWeight, cell * SIDE);
  }
  return out.map((sum) => sum / (width * height));
}
