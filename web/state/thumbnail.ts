/**
 * Small pictures for the list.
 *
 * Knows: samples. Not canvases.
 */

import type { ViewerPicture } from "../engine/reading.ts";

/** A picture as a canvas takes it: RGBA, 8 bits. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray<ArrayBuffer>;
}

/** Samples that are averaged along each side of a pixel, at most. */
const TAPS = 4;

type Sampled = Pick<ViewerPicture, "width" | "height" | "channels" | "shown">;

/** The picture at a size of at most `longest` × `longest` pixels. */
export function thumbnailOf({ width, height, channels, shown }: Sampled, longest: number): Pixels {
  const scale = Math.min(1, longest / Math.max(width, height));
  const [w, h] = [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))];
  const data = new Uint8ClampedArray(w * h * 4);
  const [stepX, stepY] = [width / w, height / h];
  for (let y = 0; y < h; y++) {
    for (let x = 0; x < w; x++) {
      for (let c = 0; c < 3; c++) {
        let sum = 0;
        for (let ty = 0; ty < TAPS; ty++) {
          const sy = Math.floor((y + (ty + 0.5) / TAPS) * stepY);
          for (let tx = 0; tx < TAPS; tx++) {
            const sx = Math.floor((x + (tx + 0.5) / TAPS) * stepX);
            sum += shown[(sy * width + sx) * channels + (channels === 3 ? c : 0)]!;
          }
        }
        data[(y * w + x) * 4 + c] = sum / (TAPS * TAPS);
      }
      data[(y * w + x) * 4 + 3] = 255;
    }
  }
  return { width: w, height: h, data };
}
