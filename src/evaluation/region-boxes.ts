/**
 * The boxes around the regions of a map at many levels: those of the regions that `predict` lists, without their polygons.
 *
 * Following a contour costs milliseconds. A box needs only where a region ends on four sides, so here each row of the grid
 * is cut into runs of hot nodes, and runs that touch from row to row are one region.
 *
 * Knows:      maps. Not images, findings or known boxes.
 * Reference:  the same grid, neighbours and interpolation as marching squares in `heatmaps/contours.ts`; runs as in He,
 *             Chao and Suzuki, A run-based two-scan labeling algorithm, 2008.
 */

import { type Nodes, nodesOf } from "../heatmaps/contours.ts";
import type { Grid } from "../heatmaps/grid.ts";
import type { Rectangle } from "./localisation.ts";

/** Neighbouring hot nodes of a row. */
interface Run {
  readonly row: number;
  readonly first: number;
  readonly last: number;
  /** Index of a run of the same region that comes before; its own if there is none. */
  before: number;
}

/** The first run of a run's region. */
function rootOf(runs: readonly Run[], index: number): number {
  let root = index;
  while (runs[root]!.before !== root) root = runs[root]!.before;
  for (let at = index; at !== root; ) {
    const next = runs[at]!.before;
    runs[at]!.before = root;
    at = next;
  }
  return root;
}

function join(runs: readonly Run[], one: number, other: number): void {
  const [a, b] = [rootOf(runs, one), rootOf(runs, other)];
  runs[Math.max(a, b)]!.before = Math.min(a, b);
}

/** A grid with the largest value of each of its rows. */
interface Rows extends Nodes {
  readonly highest: Float64Array;
}

function rowsOf(nodes: Nodes): Rows {
  const { values, down, across } = nodes;
  const highest = new Float64Array(down + 1);
  for (let row = 0; row <= down; row++) {
    let top = Number.NEGATIVE_INFINITY;
    for (let i = row * (across + 1); i < (row + 1) * (across + 1); i++)
      if (values[i]! > top) top = values[i]!;
    highest[row] = top;
  }
  return { ...nodes, highest };
}

/** All runs at or above a threshold, row by row; those of a region have one root. */
function runsOf({ values, down, across, highest }: Rows, threshold: number): Run[] {
  const runs: Run[] = [];
  let above = 0;
  for (let row = 0; row <= down; row++) {
    const start = row * (across + 1);
    const begin = runs.length;
    let touching = above;
    for (let x = highest[row]! >= threshold ? 0 : across + 1; x <= across; x++) {
      if (!(values[start + x]! >= threshold)) continue;
      const first = x;
      while (x < across && values[start + x + 1]! >= threshold) x++;
      const index = runs.length;
      runs.push({ row, first, last: x, before: index });
      while (touching < begin && runs[touching]!.last < first) touching++;
      for (let k = touching; k < begin && runs[k]!.first <= x; k++) join(runs, k, index);
    }
    above = begin;
  }
  return runs;
}

/** How far a region reaches, in steps of the grid. */
interface Extent {
  left: number;
  right: number;
  top: number;
  bottom: number;
  /** Its last row that has nodes in it. The first is its root's. */
  lastRow: number;
}

/**
 * In steps of the grid, of which there are at least 224. What is thinner has a polygon without an area in nearly all cases,
 * once that is simplified, and `predict` lists no such region.
 */
const THINNEST = 0.5;

/** The boxes at a threshold, in shares of the map's sides. */
function boxesAt(nodes: Rows, threshold: number): Rectangle[] {
  const { values, down, across } = nodes;
  const runs = runsOf(nodes, threshold);
  /** How far beyond a hot node the map falls to the threshold, on the way to a cold one: less than a step. */
  const beyond = (hot: number, cold: number) => (values[hot]! - threshold) / (values[hot]! - values[cold]!);
  const extents = new Map<number, Extent>();
  for (const [index, { row, first, last }] of runs.entries()) {
    const root = rootOf(runs, index);
    const start = row * (across + 1);
    const left = first === 0 ? 0 : first - beyond(start + first, start + first - 1);
    const right = last === across ? across : last + beyond(start + last, start + last + 1);
    const known = extents.get(root);
    if (known === undefined) extents.set(root, { left, right, top: row, bottom: row, lastRow: row });
    else {
      known.left = Math.min(known.left, left);
      known.right = Math.max(known.right, right);
      known.lastRow = row;
    }
  }
  // What lies beyond the outermost rows of a region is beyond it all.
  for (const [index, { row, first, last }] of runs.entries()) {
    const root = rootOf(runs, index);
    const extent = extents.get(root)!;
    const isFirst = row === runs[root]!.row && row > 0;
    const isLast = row === extent.lastRow;
    if (!isFirst && !isLast) continue;
    for (let at = row * (across + 1) + first; at <= row * (across + 1) + last; at++) {
      if (isFirst) extent.top = Math.min(extent.top, row - beyond(at, at - across - 1));
      if (isLast)
        extent.bottom = Math.max(extent.bottom, row === down ? row : row + beyond(at, at + across + 1));
    }
  }
  return [...extents.values()].flatMap(({ left, right, top, bottom }) =>
    Math.min(right - left, bottom - top) > THINNEST
      ? [{ x: left / across, y: top / down, width: (right - left) / across, height: (bottom - top) / down }]
      : [],
  );
}

/**
 * The boxes around the connected regions where a map, interpolated bilinearly, is at or above shares of its maximum.
 *
 * @param map     Values of 0 or more.
 * @param levels  The shares: above 0, at most 1.
 * @returns       For each level its boxes, in shares of the map's sides; none of a flat map.
 */
export function regionBoxes(map: Grid, levels: readonly number[]): Rectangle[][] {
  const nodes = rowsOf(nodesOf(map));
  return levels.map((level) => (nodes.low < nodes.high ? boxesAt(nodes, level * nodes.high) : []));
}
