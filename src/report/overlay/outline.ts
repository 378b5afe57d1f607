/**
 * Boxes around known places.
 *
 * Knows: pixels. Not what the places are of.
 */

import type { Region } from "../../image/crop.ts";
import { fill, type RgbPixels } from "./pixels.ts";

/**
 * Draw the outline of a box onto `image`, which is modified: white between black lines, to be seen on any colour. The
 * white line runs just outside the box.
 *
 * @param box  In pixels of the image; what lies outside it is cut off.
 */
export function outline(image: RgbPixels, { x, y, width, height }: Region): void {
  const line = Math.max(1, Math.round(Math.min(image.width, image.height) / 300));
  const frame = (distance: number, value: number) => {
    const left = Math.round(x) - distance;
    const top = Math.round(y) - distance;
    const right = Math.round(x + width) + distance;
    const bottom = Math.round(y + height) + distance;
    fill(image, left, top, right, top + line, value);
    fill(image, left, bottom - line, right, bottom, value);
    fill(image, left, top, left + line, bottom, value);
    fill(image, right - line, top, right, bottom, value);
  };
  frame(2 * line, 0);
  frame(0, 0);
  frame(line, 255);
}
