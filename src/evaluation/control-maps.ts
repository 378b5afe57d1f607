/**
 * Maps that have seen nothing of an image: what any model's map has to beat.
 *
 * Knows:      numbers.
 * Reference:  Zhang et al., Excitation Backprop, 2016 (the centre as a baseline of the pointing game).
 */

import type { Random } from "../random.ts";

/** The model's map, and two of its size that any model has to beat. */
export type MapKind = "model" | "random" | "centre";

/** A map of height × width cells that are drawn, each alike and uniform in [0, 1). */
export function randomMap(height: number, width: number, random: Random): Float64Array {
  return Float64Array.from({ length: height * width }, () => random.next());
}

/**
 * A map that is highest in the middle and falls with the distance from there, in shares of the sides. Where a side has an
 * even number of cells, several are highest, and the first of them counts as its peak; one of 2 × 2 cells is flat.
 */
export function centreMap(height: number, width: number): Float64Array {
  return Float64Array.from({ length: height * width }, (_, i) => {
    // Whole numbers over the extent: cells that lie alike come out alike.
    const x = (2 * (i % width) + 1 - width) / width;
    const y = (2 * Math.floor(i / width) + 1 - height) / height;
    return -Math.sqrt(x * x + y * y);
  });
}
