/**
 * Contours of a heatmap: where it is at or above a share of its maximum.
 *
 * Pipeline:   map → **interpolated grid → rings** → regions of results, lines of overlays
 * Knows:      maps. Not images.
 * Reference:  marching squares, as d3-contour does it, on the bilinear map at the nodes of a grid. The centres of cells
 *             are nodes, so that the grid has the map's maximum and its edges.
 */

import { contours } from "d3-contour";
import type { Grid } from "./grid.ts";
import { cellWeights, interpolate } from "./upsample.ts";

/** A point: x from the left and y from the top. */
export type Point = readonly [x: number, y: number];

/** A closed line; the last point is the first. */
export type Ring = readonly Point[];

/** A connected part of a map: its outer border, and the borders of the holes in it. */
export interface Area {
  readonly outer: Ring;
  readonly holes: readonly Ring[];
}

/** The grid has at least this many steps along each side of the map. */
export const LEAST_STEPS = 224;

/** An even number of steps for each cell. */
const stepsOf = (cells: number): number => 2 * cells * Math.ceil(LEAST_STEPS / (2 * cells));

const clamped = (value: number): number => Math.min(1, Math.max(0, value));

/** A map, interpolated at the nodes of a grid. */
export interface Nodes {
  /** (down + 1) × (across + 1), C order. */
  readonly values: Float64Array;
  /** Steps along each side of the map: node i of n steps lies at i / n. */
  readonly down: number;
  readonly across: number;
  /** The smallest value, and the largest, or 0 if that is negative. */
  readonly low: number;
  readonly high: number;
}

/** The grid on which a map is followed. Beyond the outermost centres of cells the outermost values apply. */
export function nodesOf({ data, height, width }: Grid): Nodes {
  const [down, across] = [stepsOf(height), stepsOf(width)];
  const ys = cellWeights(down + 1, 0.5, down, height);
  const xs = cellWeights(across + 1, 0.5, across, width);
  const values = interpolate(data, width, ys, xs);
  let [low, high] = [Number.POSITIVE_INFINITY, 0];
  for (let i = 0; i < values.length; i++) {
    low = Math.min(low, values[i]!);
    high = Math.max(high, values[i]!);
  }
  return { values, down, across, low, high };
}

/**
 * The areas of a map where it is at or above shares of its maximum, once it is interpolated bilinearly. An area that reaches
 * the map's border is closed along it.
 *
 * @param map     Values of 0 or more.
 * @param shares  Above 0, at most 1.
 * @returns       For each share its areas, none of a flat map. Points are in shares of the map's sides, 0 to 1.
 */
export function contoursOf(map: Grid, shares: readonly number[]): Area[][] {
  const { values: nodes, down, across, low, high } = nodesOf(map);
  if (!(low < high)) return shares.map(() => []);
  const values = Array.from(nodes);
  const follow = contours().size([across + 1, down + 1]);
  // d3-contour puts node i at i + ½, and closes areas half a step beyond the outermost nodes.
  const placed = (ring: readonly number[][]): Ring =>
    ring.map(([x, y]): Point => [clamped((x! - 0.5) / across), clamped((y! - 0.5) / down)]);
  return shares.map((share) =>
    follow.contour(values, share * high).coordinates.map(([outer, ...holes]) => ({
      outer: placed(outer!),
      holes: holes.map(placed),
    })),
  );
}
