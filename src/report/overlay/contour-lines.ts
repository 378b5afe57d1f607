/**
 * A heatmap as contour lines over an X-ray: at 30, 50, 70 and 90 % of its maximum, in the colormap's colours.
 *
 * Knows: pixels and maps. Not files, models or encoders.
 */

import { contoursOf, type Point, type Ring } from "../../heatmaps/contours.ts";
import type { PlacedMap } from "./blend.ts";
import { type ColormapName, colourTable } from "./colormap.ts";
import { Mask } from "./mask.ts";
import { paint, type RgbPixels } from "./pixels.ts";
import { strokeLine } from "./stroke.ts";
import { CONTOUR_SHARES } from "./style.ts";

/** Rows that are painted at a time, so that a large picture needs no mask of its size. */
const BAND = 256;

/** Opacity of the casing that sets a line off from the X-ray. */
export const CASING_OPACITY = 0.5;

/** Width of a contour line, and of its casing on each side, in pixels. */
export function lineWidths(width: number, height: number): { line: number; casing: number } {
  const line = Math.max(1.25, Math.min(width, height) / 320);
  return { line, casing: line / 2 };
}

const liesAlongBorder = ([ax, ay]: Point, [bx, by]: Point): boolean =>
  (ax === bx && (ax === 0 || ax === 1)) || (ay === by && (ay === 0 || ay === 1));

/** The parts of a closed line that do not run along the map's border, where an area ends only because the map does. */
export function withoutBorder(ring: Ring): Point[][] {
  const last = ring.length - 1;
  const isBorder = (i: number) => liesAlongBorder(ring[i]!, ring[i + 1]!);
  const start = ring.findIndex((_, i) => i < last && isBorder(i));
  if (start < 0) return [[...ring]];
  const lines: Point[][] = [];
  let line: Point[] = [];
  // Once around, beginning at the border.
  for (let step = 0; step <= last; step++) {
    const i = (start + step) % last;
    if (step < last && !isBorder(i)) {
      if (line.length === 0) line.push(ring[i]!);
      line.push(ring[i + 1]!);
    } else if (line.length > 0) {
      lines.push(line);
      line = [];
    }
  }
  return lines;
}

/** Paint lines onto `image`, which is modified. */
function paintLines(
  image: RgbPixels,
  lines: readonly (readonly Point[])[],
  width: number,
  ink: Uint8Array,
  opacity: number,
) {
  for (let top = 0; top < image.height; top += BAND) {
    const mask = new Mask(image.width, Math.min(BAND, image.height - top));
    for (const line of lines) {
      strokeLine(
        mask,
        line.map(([x, y]): Point => [x, y - top]),
        width,
      );
    }
    paint(image, mask, { left: 0, top, opacity }, ink);
  }
}

/** One colour for each of so many columns. */
function columnsOf(colour: ArrayLike<number>, width: number): Uint8Array {
  const columns = new Uint8Array(width * 3);
  for (let i = 0; i < width; i++) columns.set([colour[0]!, colour[1]!, colour[2]!], i * 3);
  return columns;
}

/** Black for light colours, and white for dark ones, by their luma (ITU-R BT.601). */
const casingOf = ([red, green, blue]: Uint8Array): number =>
  0.299 * red! + 0.587 * green! + 0.114 * blue! < 128 ? 255 : 0;

/** The lines at one share of a map's maximum. */
export interface ContourLines {
  /** In pixels of the image. */
  readonly lines: readonly (readonly Point[])[];
  /** RGB, the colour of that heat. */
  readonly colour: Uint8Array;
  /** Grey level of the casing. */
  readonly casing: number;
}

/** A map's contour lines, from cold to hot. A flat map has none. */
export function contourLines(placed: PlacedMap, colormap: ColormapName): ContourLines[] {
  const { region } = placed;
  const table = colourTable(colormap);
  return contoursOf({ ...placed, data: placed.map }, CONTOUR_SHARES).map((areas, i) => {
    const rings = areas.flatMap(({ outer, holes }) => [outer, ...holes]).flatMap(withoutBorder);
    const lines = rings.map((ring) =>
      ring.map(([x, y]): Point => [region.x + x * region.width, region.y + y * region.height]),
    );
    const at = Math.round(CONTOUR_SHARES[i]! * 255) * 3;
    const colour = table.subarray(at, at + 3);
    return { lines, colour, casing: casingOf(colour) };
  });
}

/**
 * Draw a map's contour lines over an image, which is not modified. Each has the colour of its heat, and on either side a
 * half transparent line that sets it off. A flat map has none.
 */
export function drawContours(image: RgbPixels, placed: PlacedMap, colormap: ColormapName): RgbPixels {
  const { width, height } = image;
  const { line, casing: beside } = lineWidths(width, height);
  const tile = { width, height, data: image.data.slice() };
  const contours = contourLines(placed, colormap);
  for (const { lines, casing } of contours) {
    paintLines(tile, lines, line + 2 * beside, columnsOf([casing, casing, casing], width), CASING_OPACITY);
  }
  for (const { lines, colour } of contours) paintLines(tile, lines, line, columnsOf(colour, width), 1);
  return tile;
}
