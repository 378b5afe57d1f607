/**
 * The pixels of a part of a picture: its samples through a table of grey levels, and a heatmap's colours over them.
 *
 * Pipeline:   samples at one size, table, heatmap → **RGBA** → canvas
 * Knows:      samples. Not canvases.
 */

import { type PlacedMap, washOver } from "../../src/report/overlay/blend.ts";
import type { ColormapName } from "../../src/report/overlay/colormap.ts";
import type { Level } from "./levels.ts";

/** A rectangle in whole pixels, right and bottom edge excluded. */
export interface Part {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** A heatmap as a wash of colour. */
export interface Wash {
  /** Its region in pixels of the picture at its full size. */
  readonly placed: PlacedMap;
  readonly colormap: ColormapName;
  /** Where it is hottest, 0 to 1. */
  readonly opacity: number;
}

/** A picture's pixels, RGBA. */
export interface RgbaPixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array<ArrayBuffer>;
}

/** Grey samples: one 32-bit write per pixel, the red byte lowest, as on every processor that runs a browser today. */
function paintGrey(
  { width, codes }: Level,
  { left, top, right, bottom }: Part,
  table: Uint8Array,
  data: Uint8Array,
): void {
  const greys = Uint32Array.from(table, (level) => (0xff000000 | (level << 16) | (level << 8) | level) >>> 0);
  const pixels = new Uint32Array(data.buffer);
  for (let y = top, to = 0; y < bottom; y++) {
    for (let from = y * width + left, end = y * width + right; from < end; from++)
      pixels[to++] = greys[codes[from]! & 0xffff]!;
  }
}

function paintColour(
  { width, codes }: Level,
  { left, top, right, bottom }: Part,
  table: Uint8Array,
  data: Uint8Array,
): void {
  for (let y = top, to = 0; y < bottom; y++) {
    for (let x = left, from = (y * width + left) * 3; x < right; x++, from += 3, to += 4) {
      data[to] = table[codes[from]!]!;
      data[to + 1] = table[codes[from + 1]!]!;
      data[to + 2] = table[codes[from + 2]!]!;
      data[to + 3] = 255;
    }
  }
}

/**
 * Draw a part of a picture.
 *
 * @param level   The picture at 1 / `shrunk` of its size.
 * @param part    In pixels of the level.
 * @param table   A grey level for each code.
 * @param wash    At full size it has the arithmetic of `predict --gradcam`.
 */
export function rasterOf(
  level: Level,
  part: Part,
  table: Uint8Array,
  wash: Wash | undefined,
  shrunk = 1,
): RgbaPixels {
  const [width, height] = [part.right - part.left, part.bottom - part.top];
  const data = new Uint8Array(width * height * 4);
  (level.channels === 1 ? paintGrey : paintColour)(level, part, table, data);
  if (wash !== undefined) {
    const { region } = wash.placed;
    const placed = {
      ...wash.placed,
      region: {
        x: region.x / shrunk - part.left,
        y: region.y / shrunk - part.top,
        width: region.width / shrunk,
        height: region.height / shrunk,
      },
    };
    washOver({ width, height, channels: 4, data }, placed, wash.colormap, wash.opacity);
  }
  return { width, height, data };
}
