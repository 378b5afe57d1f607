/**
 * PIL's contrast, bit for bit.
 *
 * Pipeline:   decode → crop → resize → flip → rotate → **contrast** → normalise
 * Knows:      8-bit samples. Not files.
 * Reference:  Pillow, ImageEnhance.Contrast and src/libImaging/Blend.c: samples move away from the mean grey or towards
 *             it, in float32, and are truncated, not rounded. torchvision's adjust_contrast does the same.
 */

import { luma } from "./colour.ts";
import type { Raster8 } from "./resample.ts";

const f32 = Math.fround;

/** Mean of the grey samples, with halves rounded up. */
function meanGrey({ channels, data }: Raster8): number {
  const grey = channels === 3 ? luma(data) : data;
  let sum = 0;
  for (const value of grey) sum += value;
  return Math.trunc(sum / grey.length + 0.5);
}

/**
 * Change the contrast of an image about its mean grey.
 *
 * @param image   Not modified.
 * @param factor  At least 0. 0 gives the mean grey everywhere, 1 the image itself, more than 1 a stronger contrast.
 * @returns       Samples equal to PIL's in every bit, clamped to 0 … 255.
 */
export function adjustContrast(image: Raster8, factor: number): Raster8 {
  const alpha = f32(factor);
  if (alpha === 1) return image;
  const mean = meanGrey(image);
  const table = Uint8Array.from({ length: 256 }, (_, value) =>
    Math.min(255, Math.max(0, f32(mean + f32(alpha * (value - mean))))),
  );
  const data = new Uint8Array(image.data.length);
  for (let i = 0; i < data.length; i++) data[i] = table[image.data[i]!]!;
  return { ...image, data };
}
