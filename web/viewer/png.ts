/**
 * RGB samples as a PNG file.
 *
 * Knows: the browser's encoder.
 */

import type { RgbPixels } from "../../src/report/overlay/pixels.ts";

/** Encode a picture. */
export async function pngOf({ width, height, data }: RgbPixels): Promise<Blob> {
  const image = new ImageData(width, height);
  for (let from = 0, to = 0; from < data.length; from += 3, to += 4) {
    image.data[to] = data[from]!;
    image.data[to + 1] = data[from + 1]!;
    image.data[to + 2] = data[from + 2]!;
    image.data[to + 3] = 255;
  }
  const canvas = new OffscreenCanvas(width, height);
  canvas.getContext("2d")!.putImageData(image, 0, 0);
  return canvas.convertToBlob({ type: "image/png" });
}
