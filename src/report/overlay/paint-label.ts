/**
 * A label painted on its panel: the dark plate, the bar of colours, the words in white.
 *
 * Knows: pixels and layouts. Not which words there are.
 */

import { type ColormapName, colourTable } from "./colormap.ts";
import type { Label } from "./labels.ts";
import { fillText } from "./lettering.ts";
import { Mask } from "./mask.ts";
import { paint, type RgbPixels } from "./pixels.ts";
import { fillRectangle, fillRounded } from "./shapes.ts";

const PLATE_OPACITY = 0.6;

const WHITE = 255;
const BLACK = 0;

/** Paint a label onto `image`, which is modified; what lies outside is cut off. */
export function paintLabel(image: RgbPixels, label: Label, colormap: ColormapName): void {
  const { left, top, width, height, corner, lines, bar } = label;
  const through = (ink: number | Uint8Array, opacity: number, draw: (mask: Mask) => void) => {
    const mask = new Mask(width, height);
    draw(mask);
    paint(image, mask, { left, top, opacity }, ink);
  };
  through(BLACK, PLATE_OPACITY, (mask) => fillRounded(mask, corner));
  if (bar !== undefined) {
    const colours = heatColours(width, bar, colormap);
    through(colours, 1, (mask) => fillRectangle(mask, bar.x, bar.y, bar.width, bar.height));
  }
  through(WHITE, 1, (mask) => {
    for (const line of lines) fillText(mask, line);
  });
}

/** The colours of a bar: each column's by its middle. */
function heatColours(
  width: number,
  { x, width: length, heats }: NonNullable<Label["bar"]>,
  colormap: ColormapName,
): Uint8Array {
  const table = colourTable(colormap);
  const colours = new Uint8Array(width * 3);
  for (let column = 0; column < width; column++) {
    const along = Math.min(1, Math.max(0, (column + 0.5 - x) / length));
    const heat = heats?.[Math.min(heats.length - 1, Math.floor(along * heats.length))] ?? along;
    const at = Math.round(heat * 255) * 3;
    colours.set(table.subarray(at, at + 3), column * 3);
  }
  return colours;
}
