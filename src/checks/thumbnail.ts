/**
 * A picture as a small square of averages, from which the checks of the pixels judge it.
 *
 * Pipeline:   grey → **thumbnail** → pose, exposure
 * Knows:      numbers.
 */

/** Width and height of a thumbnail. */
export const SIDE = 32;

/** Which pixels a cell of a thumbnail covers along one axis, in units of 1/SIDE of a pixel. */
interface Span {
  readonly first: number;
  readonly last: number;
  readonly firstWeight: number;
  readonly lastWeight: number;
}

function spans(length: number): readonly Span[] {
  return Array.from({ length: SIDE }, (_, cell) => {
    const from = cell * length;
    const to = from + length;
    const first = Math.floor(from / SIDE);
    const last = Math.ceil(to / SIDE) - 1;
    const firstWeight = Math.min(to, (first + 1) * SIDE) - from;
    return { first, last, firstWeight, lastWeight: last > first ? to - last * SIDE : 0 };
  });
}

/** Add the cells of one row of pixels, in units of 1/SIDE of a pixel, to `into`, each times `weight`. */
function addRow(
  grey: Uint8Array,
  start: number,
  columns: readonly Span[],
  weight: number,
  into: Float64Array,
  at: number,
) {
  for (let cell = 0; cell < SIDE; cell++) {
    const { first, last, firstWeight, lastWeight } = columns[cell]!;
    let inner = 0;
    for (let x = start + first + 1; x < start + last; x++) inner += grey[x]!;
    const sum = inner * SIDE + grey[start + first]! * firstWeight + grey[start + last]! * lastWeight;
    into[at + cell]! += sum * weight;
  }
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
  const { width, height, grey } = picture;
  const columns = spans(width);
  const out = new Float64Array(SIDE * SIDE);
  for (const [cell, { first, last, firstWeight, lastWeight }] of spans(height).entries()) {
    for (let y = first; y <= last; y++) {
      const weight = y === first ? firstWeight : y === last ? lastWeight : SIDE;
      if (weight > 0) addRow(grey, y * width, columns, weight, out, cell * SIDE);
    }
  }
  return out.map((sum) => sum / (width * height));
}
