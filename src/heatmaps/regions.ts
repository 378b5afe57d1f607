/**
 * The regions of an image where a heatmap is hot.
 *
 * Pipeline:   map → contours → **polygons and boxes in pixels of the image** → results
 * Knows:      maps and where they lie on an image. Not findings.
 * Reference:  Wang et al., ChestX-ray8, CVPR 2017 (boxes at 180 of 255).
 */

import type { Region } from "../image/crop.ts";
import { contoursOf, LEAST_STEPS, type Point, type Ring } from "./contours.ts";
import type { Grid } from "./grid.ts";
import { simplified } from "./simplify.ts";

/** The level unless one was fitted: the higher of Wang et al.'s two. */
export const HEAT_LEVEL = 180 / 255;

/** A connected region, in pixels of the image, rounded to two decimals. */
interface HotRegion {
  /** Left and top edges, width and height. */
  readonly box: [number, number, number, number];
  /** The outer border. It closes by itself: the last point is not the first. */
  readonly polygon: [number, number][];
}

const rounded = (value: number): number => Math.round(value * 100) / 100;

/** Twice a polygon's area. */
function doubleArea(polygon: readonly Point[]): number {
  let sum = 0;
  for (const [i, [x, y]] of polygon.entries()) {
    const [nextX, nextY] = polygon[(i + 1) % polygon.length]!;
    sum += x * nextY - nextX * y;
  }
  return Math.abs(sum);
}

function boxOf(ring: Ring): HotRegion["box"] {
  const [xs, ys] = [ring.map(([x]) => x), ring.map(([, y]) => y)];
  const [left, top] = [rounded(Math.min(...xs)), rounded(Math.min(...ys))];
  return [left, top, rounded(rounded(Math.max(...xs)) - left), rounded(rounded(Math.max(...ys)) - top)];
}

/**
 * The connected regions where a map, interpolated bilinearly, is at or above a share of its maximum.
 *
 * @param map     Values of 0 or more.
 * @param level   The share: above 0, at most 1.
 * @param place   The part of the image that the map covers, in its pixels; what lies outside the image is cut off.
 * @param image   The image's size in pixels.
 * @returns       The largest region first; none of a flat map. Holes are filled. A polygon stays within 1/896 of the longer
 *                side of `place` of the contour: a quarter of a pixel for an input of 224 × 224.
 */
export function hotRegions(
  map: Grid,
  level: number,
  place: Region,
  image: { readonly width: number; readonly height: number },
): HotRegion[] {
  const within = (value: number, most: number) => Math.min(most, Math.max(0, value));
  const placed = ([x, y]: Point): Point => [
    within(place.x + x * place.width, image.width),
    within(place.y + y * place.height, image.height),
  ];
  const tolerance = Math.max(place.width, place.height) / (4 * LEAST_STEPS);
  const regions = contoursOf(map, [level])[0]!.map(({ outer }) => {
    const ring = outer.map(placed);
    const polygon = simplified(ring, tolerance).map(([x, y]): [number, number] => [rounded(x), rounded(y)]);
    return { area: doubleArea(polygon), box: boxOf(ring), polygon };
  });
  return regions
    .filter(({ area }) => area > 0)
    .sort((a, b) => b.area - a.area)
    .map(({ box, polygon }) => ({ box, polygon }));
}
