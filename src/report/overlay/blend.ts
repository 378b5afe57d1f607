/**
 * A heatmap's colours over an X-ray.
 *
 * Knows:      pixels and maps. Not files, models or encoders.
 * Reference:  pytorch-grad-cam's post-processing: ReLU, min–max, bilinear resize.
 */

import { cellWeights, minMax } from "../../heatmaps/upsample.ts";
import type { Region } from "../../image/crop.ts";
import { type ColormapName, colourTable } from "./colormap.ts";
import type { RgbPixels } from "./pixels.ts";

/** Share of the heat's colour at the hottest place. */
export const MAX_OPACITY = 0.6;

/** A map, and where it lies on the image. */
export interface PlacedMap {
  /** height × width values ≥ 0. */
  readonly map: Float32Array;
  readonly height: number;
  readonly width: number;
  /** The part of the image that the map covers, in its pixels. */
  readonly region: Region;
}

/** What each level of heat does to a pixel: how much of it stays, and which colour is added. */
interface Mixture {
  readonly stays: Float64Array;
  readonly red: Float64Array;
  readonly green: Float64Array;
  readonly blue: Float64Array;
}

/** Heat is told apart in this many steps from 0 to 1. */
export const HEAT_LEVELS = 1023;

/**
 * A level's colour is interpolated: between neighbouring levels no sample differs by as much as 1, so that maps which differ
 * by their rounding alone give pictures which differ by one level at most.
 */
function mixtures(colormap: ColormapName, maxOpacity: number): Mixture {
  const colours = colourTable(colormap);
  const colourAt = (heat: number, channel: number): number => {
    const position = heat * 255;
    const below = Math.min(254, Math.floor(position));
    const [low, high] = [colours[below * 3 + channel]!, colours[(below + 1) * 3 + channel]!];
    return low + (high - low) * (position - below);
  };
  const level = (at: (heat: number, opacity: number) => number) =>
    Float64Array.from({ length: HEAT_LEVELS + 1 }, (_, i) => {
      const heat = i / HEAT_LEVELS;
      return at(heat, maxOpacity * heat * (2 - heat));
    });
  const colour = (channel: number) => level((heat, opacity) => opacity * colourAt(heat, channel) + 0.5);
  return { stays: level((_, opacity) => 1 - opacity), red: colour(0), green: colour(1), blue: colour(2) };
}

/** Samples of 8 bits, interleaved; a fourth channel of each pixel is left as it is. */
export interface Samples {
  readonly width: number;
  readonly height: number;
  readonly channels: 3 | 4;
  readonly data: Uint8Array;
}

/** Outside the map's region there is no heat. */
const NO_HEAT = -1;

/**
 * The levels of a row of pixels, `NO_HEAT` outside the map. A function of its own, as `mixRow` is, since engines compile
 * those best that are called often.
 */
function levelsOfRow(
  into: Int16Array,
  cells: Float64Array,
  { low, high, weight, inside }: ReturnType<typeof cellWeights>,
): void {
  for (let x = 0; x < into.length; x++) {
    const left = cells[low[x]!]!;
    into[x] = inside[x] === 0 ? NO_HEAT : Math.round(left + (cells[high[x]!]! - left) * weight[x]!);
  }
}

/**
 * How hot a map is at each pixel of an image, row by row. Rows outside the map's region are left out.
 *
 * @param visit  Called with each row's levels, one for each pixel: 0 to `HEAT_LEVELS`, or below 0 outside the region. The
 *               array is used again for the next row.
 */
export function forEachHeatRow(
  { width, height }: Pick<RgbPixels, "width" | "height">,
  placed: PlacedMap,
  visit: (y: number, levels: Int16Array) => void,
): void {
  const heat = minMax(placed.map);
  const xs = cellWeights(width, placed.region.x, placed.region.width, placed.width);
  const ys = cellWeights(height, placed.region.y, placed.region.height, placed.height);
  const cells = new Float64Array(placed.width);
  const levels = new Int16Array(width);
  for (let y = 0; y < height; y++) {
    if (ys.inside[y] === 0) continue;
    const [top, bottom] = [ys.low[y]! * placed.width, ys.high[y]! * placed.width];
    const down = ys.weight[y]!;
    for (let i = 0; i < cells.length; i++)
      cells[i] = (heat[top + i]! * (1 - down) + heat[bottom + i]! * down) * HEAT_LEVELS;
    levelsOfRow(levels, cells, xs);
    visit(y, levels);
  }
}

/** Mix a row's colours into samples from `at` on. */
function mixRow(
  data: Uint8Array,
  at: number,
  channels: number,
  levels: Int16Array,
  { stays, red, green, blue }: Mixture,
): void {
  for (let x = 0; x < levels.length; x++, at += channels) {
    const level = levels[x]!;
    if (level < 0) continue;
    const kept = stays[level]!;
    data[at] = data[at]! * kept + red[level]!;
    data[at + 1] = data[at + 1]! * kept + green[level]!;
    data[at + 2] = data[at + 2]! * kept + blue[level]!;
  }
}

/**
 * Blend a map's colours over samples, which are modified, more opaque where it is hotter. Outside the map's region they
 * stay.
 *
 * @param maxOpacity  Share of the heat's colour at the hottest place, 0 to 1.
 */
export function washOver(
  { width, height, channels, data }: Samples,
  placed: PlacedMap,
  colormap: ColormapName,
  maxOpacity: number,
): void {
  const mixture = mixtures(colormap, maxOpacity);
  forEachHeatRow({ width, height }, placed, (y, levels) =>
    mixRow(data, y * width * channels, channels, levels, mixture),
  );
}

/** An image with a map's colours blended over it. Outside the map's region the image stays. */
export function blend(
  { width, height, data }: RgbPixels,
  placed: PlacedMap,
  colormap: ColormapName,
): RgbPixels {
  const blended = { width, height, data: data.slice() };
  washOver({ ...blended, channels: 3 }, placed, colormap, MAX_OPACITY);
  return blended;
}
