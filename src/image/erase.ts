/**
 * Erases a part of a picture: fills it smoothly from its surroundings, like a membrane that is clamped at the edge of the part.
 *
 * Pipeline:   8 bits, mask → **8 bits without the part** → colour → resize → crop → normalise
 * Knows:      samples. Not models.
 * Reference:  Pérez, Gangnet and Blake, Poisson Image Editing, 2003, equation 2: Δf = 0 inside, f = the picture at the edge.
 *
 * A constant surrounding gives this constant, and a ramp is continued, because both satisfy the equation themselves. At the
 * border of the picture the fill is level across the border (Neumann's condition).
 */

import { fillSmoothly } from "./membrane.ts";
import type { Raster8 } from "./resample.ts";

/** A rectangle that contains all erased pixels and one pixel around them, within the picture. */
function frameOf({ width, height }: Raster8, mask: Uint8Array) {
  let [left, top, right, bottom] = [width, height, -1, -1];
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at++) {
      if (mask[at] === 0) continue;
      if (x < left) left = x;
      if (x > right) right = x;
      if (y < top) top = y;
      bottom = y;
    }
  }
  if (right < 0) return undefined;
  [left, top] = [Math.max(0, left - 1), Math.max(0, top - 1)];
  [right, bottom] = [Math.min(width - 1, right + 1), Math.min(height - 1, bottom + 1)];
  return { left, top, width: right - left + 1, height: bottom - top + 1 };
}

/** The mean of a channel; the whole picture is erased, so nothing else is known. */
function meanOf({ data, channels }: Raster8, channel: number): number {
  let sum = 0;
  for (let i = channel; i < data.length; i += channels) sum += data[i]!;
  return (sum * channels) / data.length;
}

/**
 * Erase a part of a picture.
 *
 * @param picture  Not modified.
 * @param mask     width × height: 0 = kept, anything else = erased.
 * @returns        New samples, rounded; equal to the old ones outside of the mask. If everything is erased, the mean of
 *                 each channel.
 */
export function erase(picture: Raster8, mask: Uint8Array): Uint8Array {
  const out = picture.data.slice();
  const frame = frameOf(picture, mask);
  if (frame === undefined) return out;
  const { left, top, width, height } = frame;
  const unknown = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    const from = (top + y) * picture.width + left;
    unknown.set(mask.subarray(from, from + width), y * width);
  }
  const isAll = unknown.every((flag) => flag !== 0);
  const values = new Float32Array(width * height);
  const { channels } = picture;
  for (let channel = 0; channel < channels; channel++) {
    const place = (x: number, y: number) => ((top + y) * picture.width + left + x) * channels + channel;
    for (let y = 0, i = 0; y < height; y++)
      for (let x = 0; x < width; x++, i++) values[i] = picture.data[place(x, y)]!;
    if (isAll) values.fill(meanOf(picture, channel));
    else fillSmoothly(values, unknown, width, height);
    for (let y = 0, i = 0; y < height; y++)
      for (let x = 0; x < width; x++, i++)
        if (unknown[i] !== 0) out[place(x, y)] = Math.min(255, Math.max(0, Math.round(values[i]!)));
  }
  return out;
}
