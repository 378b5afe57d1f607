/**
 * Lines of a width along points, as shapes to fill.
 *
 * Knows: geometry. Not colours or images. Only sums, products, quotients and square roots, as in `mask.ts`.
 */

import type { Point } from "../../heatmaps/contours.ts";
import type { Mask } from "./mask.ts";

/** Mitre limit: the cosine of half the turn at the sharpest joint whose sides still meet; sharper joints are cut short. */
const SHARPEST = 0.5;

/** Points without those that lie on the one before. */
const apart = (points: readonly Point[]): Point[] =>
  points.filter(([x, y], i) => i === 0 || x !== points[i - 1]![0] || y !== points[i - 1]![1]);

/** A vector of length 1 across the way from one point to another, to the right of it where y runs downwards. */
function across([fromX, fromY]: Point, [toX, toY]: Point): Point {
  const [x, y] = [toX - fromX, toY - fromY];
  const length = Math.sqrt(x * x + y * y);
  return [-y / length, x / length];
}

/** From a joint to where its right sides meet, for lines half a width of 1 on either side. */
function mitre([ax, ay]: Point, [bx, by]: Point): Point {
  const [x, y] = [ax + bx, ay + by];
  // The sum of two unit vectors is 2 cos(turn / 2) long.
  const square = x * x + y * y;
  const least = 4 * SHARPEST * SHARPEST;
  const scale = 2 / Math.max(square, least);
  return [x * scale, y * scale];
}

/** Whether a side runs backwards because the ring is smaller than the line is wide. */
function runsBack(side: readonly Point[], way: readonly Point[]): boolean {
  let along = 0;
  for (let i = 1; i < way.length; i++) {
    for (const axis of [0, 1] as const) {
      along += (side[i]![axis] - side[i - 1]![axis]) * (way[i]![axis] - way[i - 1]![axis]);
    }
  }
  return along <= 0;
}

function fillPath(mask: Mask, points: readonly Point[]): void {
  for (const [i, [x, y]] of points.entries()) {
    if (i === 0) mask.moveTo(x, y);
    else mask.lineTo(x, y);
  }
}

/**
 * Fill a line along points.
 *
 * @param points  In pixels. If the last is the first, the line is closed; otherwise its ends are cut off straight.
 * @param width   In pixels, above 0.
 */
export function strokeLine(mask: Mask, points: readonly Point[], width: number): void {
  const way = apart(points);
  if (way.length < 2) return;
  const last = way.length - 1;
  const isClosed = way[0]![0] === way[last]![0] && way[0]![1] === way[last]![1];
  const sides = way.slice(1).map((to, i) => across(way[i]!, to));
  const [first, end] = [sides[0]!, sides[last - 1]!];
  const joints = way.map((_, i): Point => {
    if (isClosed && (i === 0 || i === last)) return mitre(end, first);
    return i === 0 ? first : i === last ? end : mitre(sides[i - 1]!, sides[i]!);
  });
  const beside = (distance: number) =>
    way.map(([x, y], i): Point => [x + joints[i]![0] * distance, y + joints[i]![1] * distance]);
  const [right, left] = [beside(width / 2), beside(-width / 2)];
  if (!isClosed) {
    fillPath(mask, [...right, ...left.reverse()]);
    return;
  }
  // One side cuts out what the line goes around, if it leaves anything open.
  if (!runsBack(right, way)) fillPath(mask, right);
  if (!runsBack(left, way)) fillPath(mask, left.reverse());
}
