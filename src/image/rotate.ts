/**
 * PIL's rotation with bilinear interpolation, bit for bit.
 *
 * Pipeline:   decode → crop → resize → flip → **rotate** → contrast → normalise
 * Knows:      8-bit samples. Not files or colours.
 * Reference:  Pillow, Image.rotate and src/libImaging/Geometry.c (affine_transform, bilinear_filter): each output
 *             pixel's centre is looked up in the source. Within the outer half pixel the edge is repeated; outside the
 *             image the result is 0. The float64 result is truncated, not rounded.
 */

import type { Raster8 } from "./resample.ts";

/** Python's `round(value, 15)`, with which PIL rounds its matrix. */
const round15 = (value: number): number => Number(value.toFixed(15));

/** Python's `degrees % 360`, which is never negative. */
function positiveAngle(degrees: number): number {
  const rest = degrees % 360;
  return rest < 0 ? rest + 360 : rest;
}

/** The map from an output pixel's centre to a place in the source: (cos·x + sin·y + dx, −sin·x + cos·y + dy). */
function lookup(degrees: number, width: number, height: number) {
  const angle = -(positiveAngle(degrees) * (Math.PI / 180));
  const [cos, sin, minusSin] = [
    round15(Math.cos(angle)),
    round15(Math.sin(angle)),
    round15(-Math.sin(angle)),
  ];
  const [cx, cy] = [width / 2, height / 2];
  return { cos, sin, minusSin, dx: cos * -cx + sin * -cy + cx, dy: minusSin * -cx + cos * -cy + cy };
}

/**
 * Rotate an image about its centre without changing its size, as `PIL.Image.rotate(degrees, Image.BILINEAR)` does.
 *
 * @param image    Not modified.
 * @param degrees  Counter-clockwise. Not for quarter turns, for which PIL moves pixels instead of interpolating.
 * @returns        Samples equal to PIL's in every bit; 0 where the source has none. An angle of 0 gives `image` itself.
 */
export function rotateBilinear(image: Raster8, degrees: number): Raster8 {
  const { width, height, channels, data } = image;
  if (positiveAngle(degrees) === 0) return image;
  const { cos, sin, minusSin, dx, dy } = lookup(degrees, width, height);
  const turned = new Uint8Array(data.length);
  const columns = Float64Array.from({ length: width }, (_, x) => cos * (x + 0.5));
  const columnsDown = Float64Array.from({ length: width }, (_, x) => minusSin * (x + 0.5));
  for (let y = 0, to = 0; y < height; y++) {
    const [across, down] = [sin * (y + 0.5), cos * (y + 0.5)];
    for (let x = 0; x < width; x++, to += channels) {
      const px = columns[x]! + across + dx;
      const py = columnsDown[x]! + down + dy;
      if (px < 0 || px >= width || py < 0 || py >= height) continue;
      const [left, top] = [Math.floor(px - 0.5), Math.floor(py - 0.5)];
      const [right, low] = [px - 0.5 - left, py - 0.5 - top];
      const x0 = (left < 0 ? 0 : left) * channels;
      const x1 = (left + 1 < width ? left + 1 : left) * channels;
      const row0 = (top < 0 ? 0 : top) * width * channels;
      const row1 = (top + 1 < height ? top + 1 : top) * width * channels;
      for (let c = 0; c < channels; c++) {
        const upper = data[row0 + x0 + c]! + (data[row0 + x1 + c]! - data[row0 + x0 + c]!) * right;
        const lower = data[row1 + x0 + c]! + (data[row1 + x1 + c]! - data[row1 + x0 + c]!) * right;
        turned[to + c] = upper + (lower - upper) * low;
      }
    }
  }
  return { width, height, channels, data: turned };
}
