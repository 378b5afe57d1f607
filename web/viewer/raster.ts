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

/** A row of grey samples. A function of its own, since engines compile those best that are called often. */
function paintGreyRow(
  pixels: Int32Array,
  to: number,
  codes: Level["codes"],
  from: number,
  count: number,
  inks: Int32Array,
): void {
  for (let i = 0; i < count; i++) pixels[to + i] = inks[codes[from + i]! & 0xffff]!;
}

/** Grey samples: one 32-bit write per pixel, the red byte lowest, as on every processor that runs a browser today. */
function paintGrey(
  { width, codes }: Level,
  { left, top, right, bottom }: Part,
  table: Uint8Array,
  data: Uint8Array,
): void {
  const inks = new Int32Array(table.length);
  for (let i = 0; i < inks.length; i++) inks[i] = (table[i]! * 0x010101) | 0xff000000;
  const pixels = new Int32Array(data.buffer, data.byteOffset, data.length / 4);
  const count = right - left;
  for (let y = top, to = 0; y < bottom; y++, to += count) {
    paintGreyRow(pixels, to, codes, y * width + left, count, inks);
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
 * @param shrunk  1 unless given.
 * @param scratch Memory for the pixels, if there is any to use again: fresh memory costs more than what is written to it.
 */
export function rasterOf(
  level: Level,
  part: Part,
  table: Uint8Array,
  wash: Wash | undefined,
  shrunk = 1,
  scratch?: ArrayBuffer,
): RgbaPixels {
  const [width, height] = [part.right - part.left, part.bottom - part.top];
  const length = width * height * 4;
  const memory = scratch !== undefined && scratch.byteLength >= length ? scratch : new ArrayBuffer(length);
  const data = new Uint8Array(memory, 0, length);
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
