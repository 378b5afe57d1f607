import { expect, test } from "vitest";
import { hotRegions } from "../../src/heatmaps/regions.ts";
import { fixtureJson } from "../fixtures.ts";

interface Case {
  readonly height: number;
  readonly width: number;
  readonly values: readonly number[];
  readonly level: number;
  readonly regions: readonly {
    readonly box: readonly number[];
    readonly area: number;
    readonly centre: readonly [number, number];
  }[];
}
const { cases } = fixtureJson<{ cases: Case[] }>("contours/cases.json");

/** A polygon's area and its centre, by the formulas with cross products. */
function measured(polygon: readonly (readonly number[])[]) {
  let [area, x, y] = [0, 0, 0];
  for (const [i, [x0, y0]] of polygon.entries()) {
    const [x1, y1] = polygon[(i + 1) % polygon.length]!;
    const cross = x0! * y1! - x1! * y0!;
    area += cross / 2;
    x += ((x0! + x1!) * cross) / 6;
    y += ((y0! + y1!) * cross) / 6;
  }
  return { area: Math.abs(area), centre: [x / area, y / area] as const };
}

test.each(cases)("a map of $height × $width has scikit-image's regions at $level", (given) => {
  const { values, level, regions } = given;
  const side = 1000;
  const place = { x: 0, y: 0, width: side, height: side };
  const found = hotRegions({ ...given, data: values }, level, place, place);
  expect(found).toHaveLength(regions.length);
  for (const [i, { box, area, centre }] of regions.entries()) {
    const { box: ours, polygon } = found[i]!;
    // The reference counts whole pixels, of which there are 1,792 along a side.
    for (const [j, value] of box.entries()) expect(Math.abs(ours[j]! - value * side)).toBeLessThan(1.5);
    const { area: covered, centre: middle } = measured(polygon);
    // Chords are up to a 896th of the side off.
    const outline = 2 * (box[2]! + box[3]!);
    expect(Math.abs(covered / side ** 2 - area)).toBeLessThan(outline / 896);
    for (const axis of [0, 1] as const) {
      expect(Math.abs(middle[axis] - centre[axis] * side)).toBeLessThan(3);
    }
    expect(polygon.length).toBeLessThan(100);
  }
});

const CORNER = { data: [1, 0, 0, 0], height: 2, width: 2 };

test("a region lies in pixels of the image: where the network saw a part of it, within that part", () => {
  // Halfway between the centres of the cells the map is at half its maximum; the cells are 40 × 20 pixels.
  const place = { x: 100, y: 50, width: 80, height: 40 };
  const [region, ...others] = hotRegions(CORNER, 0.5, place, { width: 300, height: 200 });
  expect(others).toEqual([]);
  expect(region!.box).toEqual([100, 50, 40, 20]);
  expect(region!.polygon).toContainEqual([100, 50]);
});

test("what lies beyond the image is cut off, and a region outside it is none", () => {
  const image = { width: 300, height: 200 };
  const [region] = hotRegions(CORNER, 0.5, { x: -20, y: -5, width: 80, height: 40 }, image);
  expect(region!.box).toEqual([0, 0, 20, 15]);
  expect(hotRegions(CORNER, 0.5, { x: -200, y: 0, width: 80, height: 40 }, image)).toEqual([]);
});

test("coordinates have two decimals, and the last point of a polygon is not its first", () => {
  const place = { x: 0.123, y: 0, width: 1000 / 3, height: 200 / 7 };
  const [region] = hotRegions({ data: [0, 2, 1, 0, 0, 1], height: 2, width: 3 }, 0.6, place, {
    width: 400,
    height: 30,
  });
  const numbers = [...region!.box, ...region!.polygon.flat()];
  for (const value of numbers) expect(Number(value.toFixed(2))).toBe(value);
  expect(region!.polygon.at(-1)).not.toEqual(region!.polygon[0]);
});

test("a flat map has no regions", () => {
  const place = { x: 0, y: 0, width: 10, height: 10 };
  expect(hotRegions({ data: [0, 0], height: 1, width: 2 }, 0.5, place, place)).toEqual([]);
});
