import { expect, test } from "vitest";
import type { Point } from "../../src/heatmaps/contours.ts";
import { simplified } from "../../src/heatmaps/simplify.ts";

test("of a square with many points on its sides the corners are left", () => {
  const steps = [0, 1, 2, 3, 4];
  const ring: Point[] = [
    ...steps.map((i): Point => [i, 0]),
    ...steps.map((i): Point => [5, i]),
    ...steps.map((i): Point => [5 - i, 5]),
    ...steps.map((i): Point => [0, 5 - i]),
    [0, 0],
  ];
  expect(simplified(ring, 0.01)).toEqual([
    [0, 0],
    [5, 0],
    [5, 5],
    [0, 5],
  ]);
});

test("a circle keeps as many points as its chords need to stay within the tolerance", () => {
  const ring = Array.from({ length: 721 }, (_, i): Point => {
    const angle = (2 * Math.PI * (i % 720)) / 720;
    return [100 * Math.cos(angle), 100 * Math.sin(angle)];
  });
  const points = simplified(ring, 1);
  // A chord over an angle of 2a is 100 (1 − cos a) off: at most 1 up to a = 8.1°, so that there are 23 chords or more.
  expect(points.length).toBeGreaterThanOrEqual(23);
  expect(points.length).toBeLessThanOrEqual(46);
  for (const [i, [x, y]] of points.entries()) {
    const [nextX, nextY] = points[(i + 1) % points.length]!;
    expect(Math.hypot((x + nextX) / 2, (y + nextY) / 2)).toBeGreaterThanOrEqual(99 - 1e-9);
  }
});
