/**
 * Which pixels of a picture are erased: a mask that a round brush paints, and its short form for undo.
 *
 * Knows: pixels. Not canvases, nor what erasing does to a prediction.
 */

import type { Place } from "./picture.ts";
import type { Part } from "./raster.ts";
import type { Size } from "./view.ts";

/** The part of a picture that a brush between two places touches; empty outside the picture. */
export function touched({ width, height }: Size, from: Place, to: Place, radius: number): Part {
  const clamp = (value: number, most: number) => Math.min(most, Math.max(0, value));
  return {
    left: clamp(Math.floor(Math.min(from.x, to.x) - radius), width),
    top: clamp(Math.floor(Math.min(from.y, to.y) - radius), height),
    right: clamp(Math.ceil(Math.max(from.x, to.x) + radius), width),
    bottom: clamp(Math.ceil(Math.max(from.y, to.y) + radius), height),
  };
}

/**
 * Erase what a round brush covers on its way from one place to another: all pixels whose centres are at most `radius` from
 * the way, and the pixel under the brush in any case. `mask` is modified.
 *
 * @returns  The part of the picture that may have changed.
 */
export function brush(mask: Uint8Array, size: Size, from: Place, to: Place, radius: number): Part {
  const reach = Math.max(radius, Math.SQRT1_2);
  const part = touched(size, from, to, reach);
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const square = dx * dx + dy * dy;
  for (let y = part.top; y < part.bottom; y++) {
    for (let x = part.left; x < part.right; x++) {
      const [px, py] = [x + 0.5 - from.x, y + 0.5 - from.y];
      const along = square > 0 ? Math.min(1, Math.max(0, (px * dx + py * dy) / square)) : 0;
      const [ex, ey] = [px - along * dx, py - along * dy];
      if (ex * ex + ey * ey <= reach * reach) mask[y * size.width + x] = 1;
    }
  }
  return part;
}

/** A mask as the lengths of its runs, the first of 0s; undefined for a mask without erased pixels. */
export type PackedMask = Uint32Array | undefined;

/** Pack a mask, of any length. */
export function packed(mask: Uint8Array | undefined): PackedMask {
  if (mask === undefined) return undefined;
  const runs: number[] = [];
  let value = 0;
  let start = 0;
  while (start < mask.length) {
    const next = mask.indexOf(1 - value, start);
    const end = next < 0 ? mask.length : next;
    runs.push(end - start);
    value = 1 - value;
    start = end;
  }
  return runs.length > 1 ? Uint32Array.from(runs) : undefined;
}

/** Unpack a mask of so many pixels. */
export function unpacked(runs: PackedMask, length: number): Uint8Array | undefined {
  if (runs === undefined) return undefined;
  const mask = new Uint8Array(length);
  let at = 0;
  for (const [i, run] of runs.entries()) {
    if (i % 2 === 1) mask.fill(1, at, at + run);
    at += run;
  }
  return mask;
}

/** The share of a picture that is erased, 0 to 1. */
export function erasedShare(mask: Uint8Array | undefined): number {
  const runs = packed(mask);
  if (mask === undefined || runs === undefined) return 0;
  return runs.reduce((sum, run, i) => sum + (i % 2 === 1 ? run : 0), 0) / mask.length;
}
