/**
 * A picture's own grey levels inverted by hand, with padding as black as before.
 *
 * Pipeline:   grey levels → **inverted** → canvas (`raster.ts`)
 * Knows:      samples.
 */

import type { ViewerPicture } from "./picture.ts";

/** What was computed last, by the grey levels, so that the same samples come back as the same array. */
const known = new WeakMap<Uint8Array, Uint8Array>();

/**
 * Grey levels with black and white exchanged but where the picture has padding.
 *
 * @param picture  With values, and with padding among them. Not modified.
 * @param levels   H·W: the picture's own grey levels, or those with what was erased filled. A padded pixel that was filled is
 *                 no padding any more.
 */
export function invertedLevels(
  {
    values,
    padding,
    shown,
  }: Required<Pick<ViewerPicture, "values" | "padding">> & Pick<ViewerPicture, "shown">,
  levels: Uint8Array,
): Uint8Array {
  const before = known.get(levels);
  if (before !== undefined) return before;
  const inverted = new Uint8Array(levels.length);
  for (let i = 0; i < levels.length; i++) {
    const value = values[i]!;
    const isPadding = value >= padding.low && value <= padding.high && levels[i] === shown[i];
    inverted[i] = isPadding ? 0 : 255 - levels[i]!;
  }
  known.set(levels, inverted);
  return inverted;
}
