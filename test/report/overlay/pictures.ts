/** Small pictures to draw on, and the pixels that masks cover. */

import type { Mask } from "../../../src/report/overlay/mask.ts";
import type { RgbPixels } from "../../../src/report/overlay/pixels.ts";

export const SIZE = 32;

/** A picture in which every pixel has a different colour. */
export function picture(width = SIZE, height = SIZE): RgbPixels {
  return { width, height, data: Uint8Array.from({ length: width * height * 3 }, (_, i) => (i * 7) % 251) };
}

export const pixel = ({ data, width }: RgbPixels, x: number, y: number): number[] => [
  ...data.subarray((y * width + x) * 3, (y * width + x) * 3 + 3),
];

/** The covered share of each pixel, row by row: height × width. */
export function coverageOf(mask: Mask): Float64Array {
  const shares = new Float64Array(mask.width * mask.height);
  mask.forEachRun((y, from, to, share) => {
    for (let x = from; x < to; x++) shares[y * mask.width + x]! += share;
  });
  return shares;
}
