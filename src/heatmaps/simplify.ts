/**
 * Closed lines with fewer points.
 *
 * Knows:      points.
 * Reference:  Douglas and Peucker, 1973.
 */

import type { Point, Ring } from "./contours.ts";

/** The square of the distance of a point from the line between two others, which end it. */
function squareDistance([x, y]: Point, [ax, ay]: Point, [bx, by]: Point): number {
  const [dx, dy] = [bx - ax, by - ay];
  const length = dx * dx + dy * dy;
  const t = length > 0 ? Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / length)) : 0;
  const [ex, ey] = [x - ax - t * dx, y - ay - t * dy];
  return ex * ex + ey * ey;
}

/** The point between two others that is farthest from the line between them, and the square of how far it is. */
function farthest(ring: Ring, from: number, to: number): { at: number; square: number } {
  let [at, square] = [from, 0];
  for (let i = from + 1; i < to; i++) {
    const distance = squareDistance(ring[i]!, ring[from]!, ring[to]!);
    if (distance > square) [at, square] = [i, distance];
  }
  return { at, square };
}

/**
 * Leave out points of a closed line.
 *
 * @param ring       Its last point is its first.
 * @param tolerance  No point that is left out is farther than this from the new line.
 * @returns          Points of the ring in their order; the last one is not the first.
 */
export function simplified(ring: Ring, tolerance: number): Point[] {
  const last = ring.length - 1;
  const kept = new Set([0]);
  // Begun with the ends of the whole ring, which are one point, so that the first cut is at the point farthest from it.
  const waiting: [number, number][] = [[0, last]];
  for (let part = waiting.pop(); part !== undefined; part = waiting.pop()) {
    const [from, to] = part;
    const { at, square } = farthest(ring, from, to);
    if (square <= tolerance * tolerance) continue;
    kept.add(at);
    waiting.push([from, at], [at, to]);
  }
  return ring.filter((_, i) => kept.has(i));
}
