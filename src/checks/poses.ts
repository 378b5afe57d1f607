/**
 * The 16 ways in which a picture can show an upright X-ray: as it is or mirrored, turned, and inverted.
 *
 * Knows: thumbnails. Not how poses are told apart.
 */

import { SIDE } from "./thumbnail.ts";

/** How a picture lies: an upright one was mirrored, then turned clockwise. */
export interface Placement {
  readonly mirrored: boolean;
  /** Quarter turns clockwise, 0 to 3. */
  readonly turns: number;
}

/** How an upright X-ray was changed to look like the picture: mirrored, then turned clockwise, then inverted. */
export interface Pose extends Placement {
  readonly inverted: boolean;
}

/** All placements: upright and turned, then mirrored. */
export const PLACEMENTS: readonly Placement[] = [false, true].flatMap((mirrored) =>
  [0, 1, 2, 3].map((turns) => ({ mirrored, turns })),
);

/** In the order of scripts/reference/frontal_chest_net.py: all placements, then all of them inverted. */
export const POSES: readonly Pose[] = [false, true].flatMap((inverted) =>
  PLACEMENTS.map((placement) => ({ inverted, ...placement })),
);

/** The pixel of a turned thumbnail that an upright one shows at row `y` and column `x`. */
function sourceOf(y: number, x: number, turns: number): number {
  const far = SIDE - 1;
  if (turns === 0) return y * SIDE + x;
  if (turns === 1) return x * SIDE + (far - y);
  if (turns === 2) return (far - y) * SIDE + (far - x);
  return (far - x) * SIDE + y;
}

/**
 * Take a placement back: a picture that lies so becomes upright.
 *
 * @param values  SIDE·SIDE values. Not modified.
 */
export function takeBack(values: Float64Array, { mirrored, turns }: Placement): Float64Array {
  const out = new Float64Array(values.length);
  for (let y = 0, at = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++) {
      out[at++] = values[sourceOf(y, mirrored ? SIDE - 1 - x : x, turns)]!;
    }
  }
  return out;
}
