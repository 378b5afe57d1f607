import { expect, test } from "vitest";
import { contoursOf, type Ring } from "../../src/heatmaps/contours.ts";

const grid = (rows: readonly (readonly number[])[]) => ({
  data: rows.flat(),
  height: rows.length,
  width: rows[0]!.length,
});

const PEAK = grid([
  [0, 0, 0],
  [0, 5, 0],
  [0, 0, 0],
]);

const extent = (ring: Ring, axis: 0 | 1): number[] => {
  const values = ring.map((point) => point[axis]);
  return [Math.min(...values), Math.max(...values)];
};

test.each([0.3, 0.5, 0.9])(
  "around a single hot cell the contour at %d is that of the bilinear surface",
  (share) => {
    const [[area, ...others]] = contoursOf(PEAK, [share]) as [ReturnType<typeof contoursOf>[0]];
    expect([others.length, area!.holes.length]).toEqual([0, 0]);
    const { outer } = area!;
    expect(outer.length).toBeGreaterThan(20);
    expect(outer.at(-1)).toEqual(outer[0]);
    // In cells from the centre, the surface is (1 − |u|)(1 − |v|) of the maximum.
    for (const [x, y] of outer) {
      const [u, v] = [Math.abs(3 * x - 1.5), Math.abs(3 * y - 1.5)];
      expect(Math.abs((1 - u) * (1 - v) - share)).toBeLessThan(1e-9);
    }
    for (const axis of [0, 1] as const) {
      const [low, high] = extent(outer, axis);
      expect(low).toBeCloseTo((0.5 + share) / 3, 9);
      expect(high).toBeCloseTo((2.5 - share) / 3, 9);
    }
  },
);

test("shares are of the maximum, also where the map is nowhere 0, and the area is closed along the map's border", () => {
  // From 1 to 2 between the centres at a quarter and three quarters: 0.75 · 2 is halfway.
  const [[area]] = contoursOf(grid([[1, 2]]), [0.75]) as [ReturnType<typeof contoursOf>[0]];
  expect(extent(area!.outer, 0).map((value) => value.toFixed(9))).toEqual(["0.500000000", "1.000000000"]);
  expect(extent(area!.outer, 1)).toEqual([0, 1]);
  for (const [x, y] of area!.outer) {
    expect(Math.abs(x - 0.5) < 1e-9 || x === 1 || y === 0 || y === 1).toBe(true);
  }
});

test("a cold place within a hot area is a hole in it", () => {
  const [[area, ...others]] = contoursOf(
    grid([
      [1, 1, 1],
      [1, 0, 1],
      [1, 1, 1],
    ]),
    [0.5],
  ) as [ReturnType<typeof contoursOf>[0]];
  expect([others.length, area!.holes.length]).toEqual([0, 1]);
  expect(extent(area!.outer, 0)).toEqual([0, 1]);
  // (1 − |u|)(1 − |v|) is missing: half of it is, half a cell from the centre.
  const [low, high] = extent(area!.holes[0]!, 1);
  expect([low, high].map((value) => value!.toFixed(9))).toEqual([(1 / 3).toFixed(9), (2 / 3).toFixed(9)]);
});

test("places that are hot apart are areas of their own, at each share those that reach it", () => {
  const map = grid([[4, 0, 0, 2, 0, 0, 3]]);
  expect(contoursOf(map, [0.3, 0.6, 0.9]).map((areas) => areas.length)).toEqual([3, 2, 1]);
});

test.each([[[0, 0, 0, 0]], [[3, 3, 3, 3]]])("a flat map of %j has no areas", (values) => {
  expect(contoursOf({ data: values, height: 2, width: 2 }, [0.3, 1])).toEqual([[], []]);
});
