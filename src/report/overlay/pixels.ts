/**
 * Pictures in RGB, and painting through a mask.
 *
 * Knows: samples. Not what is painted.
 */

import type { Mask } from "./mask.ts";

/** RGB samples, row by row, interleaved. */
export interface RgbPixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** Set all samples of a rectangle, right and bottom edge excluded; what lies outside is cut off. */
export function fill(
  { width, height, data }: RgbPixels,
  left: number,
  top: number,
  right: number,
  bottom: number,
  value: number,
): void {
  const from = Math.max(left, 0);
  const to = Math.min(right, width);
  if (from >= to) return;
  for (let y = Math.max(top, 0); y < Math.min(bottom, height); y++) {
    data.fill(value, (y * width + from) * 3, (y * width + to) * 3);
  }
}

/** Where a mask is laid on a picture, and how much of what is painted through it is seen, from 0 to 1. */
export interface Laid {
  readonly left: number;
  readonly top: number;
  readonly opacity: number;
}

/**
 * Paint through a mask onto `image`, which is modified; what lies outside is cut off.
 *
 * @param ink  A grey value, or the RGB colour of each of the mask's columns, interleaved.
 */
export function paint(
  { width, height, data }: RgbPixels,
  mask: Mask,
  { left, top, opacity }: Laid,
  ink: number | Uint8Array,
): void {
  mask.forEachRun((y, from, to, share) => {
    if (y + top < 0 || y + top >= height) return;
    const first = Math.max(from, -left);
    const start = ((y + top) * width + left + first) * 3;
    const end = ((y + top) * width + Math.min(left + to, width)) * 3;
    const added = share * opacity;
    const stays = 1 - added;
    if (typeof ink === "number") {
      const level = ink * added + 0.5;
      for (let i = start; i < end; i++) data[i] = data[i]! * stays + level;
    } else {
      for (let i = start, c = first * 3; i < end; i++, c++) {
        data[i] = data[i]! * stays + ink[c]! * added + 0.5;
      }
    }
  });
}

/** Copy `tile` into `canvas`, which is modified. */
export function place(canvas: RgbPixels, tile: RgbPixels, left: number, top: number): void {
  for (let y = 0; y < tile.height; y++) {
    const row = tile.data.subarray(y * tile.width * 3, (y + 1) * tile.width * 3);
    canvas.data.set(row, ((y + top) * canvas.width + left) * 3);
  }
}
