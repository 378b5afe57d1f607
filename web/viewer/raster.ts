/**
 * The pixels of a part of a picture: its samples through a table of grey levels, and a heatmap's colours over them.
 *
 * Pipeline:   samples at one size, table, heatmap → **RGBA** → canvas
 * Knows:      samples. Not canvases.
 */

import { forEachHeatRow, HEAT_LEVELS, type PlacedMap, washOver } from "../../src/report/overlay/blend.ts";
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

/** The same under a wash: of each level of heat the pixels of 256 grey levels. */
interface Washed {
  readonly table: Uint8Array;
  readonly pixels: Int32Array;
}

function paintWashedRow(
  pixels: Int32Array,
  to: number,
  codes: Level["codes"],
  from: number,
  levels: Int16Array,
  washed: Washed,
): void {
  const { table, pixels: inks } = washed;
  for (let i = 0; i < levels.length; i++) {
    const level = levels[i]!;
    if (level >= 0) pixels[to + i] = inks[(level << 8) | table[codes[from + i]! & 0xffff]!]!;
  }
}

/** Grey levels as pixels: one 32-bit number each, the red byte lowest, as on every processor that runs a browser today. */
function inksOf(levels: ArrayLike<number>): Int32Array {
  const inks = new Int32Array(levels.length);
  for (let i = 0; i < inks.length; i++) inks[i] = (levels[i]! * 0x010101) | 0xff000000;
  return inks;
}

const GREYS = 256;
let lastInks:
  | { readonly colormap: ColormapName; readonly opacity: number; readonly inks: Int32Array }
  | undefined;

/** All that a wash can make of grey: a row of 256 pixels for each level of heat. The last one is kept. */
function washedInks({ colormap, opacity }: Wash): Int32Array {
  if (lastInks?.colormap === colormap && lastInks.opacity === opacity) return lastInks.inks;
  const [width, height] = [GREYS, HEAT_LEVELS + 1];
  const inks = inksOf(Array.from({ length: width * height }, (_, i) => i % width));
  // A map of one cell for each level of heat, over an image whose rows have all greys.
  const map = Float32Array.from({ length: height }, (_, level) => level);
  const placed = { map, width: 1, height, region: { x: 0, y: 0, width, height } };
  const data = new Uint8Array(inks.buffer);
  washOver({ width, height, channels: 4, data }, placed, colormap, opacity);
  lastInks = { colormap, opacity, inks };
  return inks;
}

function paintGrey(
  { width, codes }: Level,
  { left, top, right, bottom }: Part,
  table: Uint8Array,
  data: Uint8Array,
  wash: Wash | undefined,
): void {
  const pixels = new Int32Array(data.buffer, data.byteOffset, data.length / 4);
  const size = { width: right - left, height: bottom - top };
  const from = (y: number) => (y + top) * width + left;
  const inks = inksOf(table);
  for (let y = 0; y < size.height; y++)
    paintGreyRow(pixels, y * size.width, codes, from(y), size.width, inks);
  if (wash === undefined) return;
  const washed = { table, pixels: washedInks(wash) };
  forEachHeatRow(size, wash.placed, (y, levels) =>
    paintWashedRow(pixels, y * size.width, codes, from(y), levels, washed),
  );
}

function paintColour(
  { width, codes }: Level,
  { left, top, right, bottom }: Part,
  table: Uint8Array,
  data: Uint8Array,
  wash: Wash | undefined,
): void {
  for (let y = top, to = 0; y < bottom; y++) {
    for (let x = left, from = (y * width + left) * 3; x < right; x++, from += 3, to += 4) {
      data[to] = table[codes[from]!]!;
      data[to + 1] = table[codes[from + 1]!]!;
      data[to + 2] = table[codes[from + 2]!]!;
      data[to + 3] = 255;
    }
  }
  if (wash === undefined) return;
  const size = { width: right - left, height: bottom - top };
  washOver({ ...size, channels: 4, data }, wash.placed, wash.colormap, wash.opacity);
}

/** A wash whose region is in pixels of a part. */
const washOn = (wash: Wash, { left, top }: Part, shrunk: number): Wash => {
  const { x, y, width, height } = wash.placed.region;
  const region = {
    x: x / shrunk - left,
    y: y / shrunk - top,
    width: width / shrunk,
    height: height / shrunk,
  };
  return { ...wash, placed: { ...wash.placed, region } };
};

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
  const paint = level.channels === 1 ? paintGrey : paintColour;
  paint(level, part, table, data, wash && washOn(wash, part, shrunk));
  return { width, height, data };
}
