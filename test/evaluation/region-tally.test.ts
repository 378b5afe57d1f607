import { expect, test } from "vitest";
import type { PlacedMap, Rectangle } from "../../src/evaluation/localisation.ts";
import {
  CURVE_LEVELS,
  CURVE_THRESHOLD,
  MAP_KINDS,
  REGION_THRESHOLDS,
  RegionTallier,
  TALLY,
  TALLY_WIDTH,
} from "../../src/evaluation/region-tally.ts";
import { HEAT_LEVEL } from "../../src/heatmaps/regions.ts";
import { Random } from "../../src/random.ts";
import { type RegionCase, regionCases } from "./region-cases.ts";

const WHOLE = { x: 0, y: 0, width: 1, height: 1 };
const [MODEL, RANDOM, CENTRE] = MAP_KINDS.keys() as unknown as [number, number, number];

const tally = (map: PlacedMap, known: readonly Rectangle[], level = HEAT_LEVEL, ...keys: string[]) =>
  new RegionTallier().tally(map, map, known, level, Random.of(0, ...keys));
const matched = (row: Uint32Array, kind = 0) => REGION_THRESHOLDS.map((_, t) => row[TALLY.matched(kind, t)]);

const { findings, levels } = regionCases();
const PAIRS = findings.flatMap(({ level, pairs }) => pairs.map((pair, i) => ({ level, i, ...pair })));

test("the reference has the same levels and thresholds", () => {
  expect(CURVE_LEVELS).toEqual(levels);
  expect(REGION_THRESHOLDS).toHaveLength(PAIRS[0]!.matched.length);
  expect(REGION_THRESHOLDS).toContain(CURVE_THRESHOLD);
});

test.each(PAIRS)(
  "regions and matches are those of the reference: pair $i at $level",
  (pair: RegionCase & { level: number }) => {
    const row = tally(pair, pair.known, pair.level);
    expect(row).toHaveLength(TALLY_WIDTH);
    expect(row[TALLY.boxes]).toBe(pair.known.length);
    expect(row[TALLY.regions(MODEL)]).toBe(pair.regions);
    expect(matched(row)).toEqual(pair.matched);
    const curve = CURVE_LEVELS.map((_, l) => [
      row[TALLY.curveRegions(MODEL, l)],
      row[TALLY.curveMatched(MODEL, l)],
    ]);
    expect(curve).toEqual(pair.curve);
  },
);

test("a map that is hot in the boxes finds them all, without a false region", () => {
  const values = new Float32Array(28 * 28);
  const known: Rectangle[] = [];
  for (const [row, column, height, width] of [
    [2, 3, 8, 6],
    [15, 14, 7, 9],
  ] as const) {
    for (let y = row; y < row + height; y++) values.fill(1, y * 28 + column, y * 28 + column + width);
    known.push({ x: column / 28, y: row / 28, width: width / 28, height: height / 28 });
  }
  const row = tally({ values, height: 28, width: 28, region: WHOLE }, known);
  expect(row[TALLY.regions(MODEL)]).toBe(2);
  expect(matched(row)).toEqual([2, 2, 2, 2, 2]);
  for (const l of CURVE_LEVELS.keys())
    expect([row[TALLY.curveRegions(MODEL, l)], row[TALLY.curveMatched(MODEL, l)]]).toEqual([2, 2]);
});

test("a second region on a box is counted as a region, and not as a match", () => {
  // Heat falls in a line from a cell's centre to the next, so a region has 0.588 of a cell's sides: an IoU of 0.115.
  const values = new Float32Array(49);
  for (const at of [15, 17]) values[at] = 1;
  const row = tally({ values, height: 7, width: 7, region: WHOLE }, [
    { x: 1 / 7, y: 2 / 7, width: 3 / 7, height: 1 / 7 },
  ]);
  expect([row[TALLY.regions(MODEL)], matched(row)]).toEqual([2, [1, 0, 0, 0, 0]]);
});

test("a map without any heat has no regions, and finds nothing", () => {
  const row = tally({ values: new Float32Array(49), height: 7, width: 7, region: WHOLE }, [WHOLE]);
  expect([row[TALLY.boxes], row[TALLY.regions(MODEL)], matched(row)]).toEqual([1, 0, [0, 0, 0, 0, 0]]);
});

test("the central map is one region in the middle of what the network saw, at every level of the same place", () => {
  const region = { x: 0.5, y: 0, width: 0.5, height: 1 };
  const map = { values: new Float32Array(49), height: 7, width: 7, region };
  const tallier = new RegionTallier();
  const at = (x: number, level: number) =>
    tallier.tally(map, map, [{ x, y: 0.3, width: 0.2, height: 0.4 }], level, Random.of(0));
  for (const level of [HEAT_LEVEL, 0.5]) {
    const [middle, left] = [at(0.65, level), at(0.15, level)];
    expect([middle[TALLY.regions(CENTRE)], matched(middle, CENTRE)[0]]).toEqual([1, 1]);
    expect([left[TALLY.regions(CENTRE)], matched(left, CENTRE)[0]]).toEqual([1, 0]);
  }
  // A lower level takes in more.
  expect(matched(at(0.65, HEAT_LEVEL), CENTRE)).not.toEqual(matched(at(0.65, 0.05), CENTRE));
});

test("the random map is of its stream, and has a value for each cell of the finest layer", () => {
  const map = { values: new Float32Array(28 * 28), height: 28, width: 28, region: WHOLE };
  const counted = (cells: number, key: string) =>
    new RegionTallier().tally(map, { height: cells, width: cells }, [WHOLE], HEAT_LEVEL, Random.of(0, key))[
      TALLY.regions(RANDOM)
    ]!;
  expect(counted(7, "a")).toBe(counted(7, "a"));
  const mean = (cells: number) =>
    Array.from({ length: 20 }, (_, i) => counted(cells, String(i))).reduce((sum, n) => sum + n, 0) / 20;
  expect(mean(7)).toBeGreaterThan(3);
  expect(mean(28)).toBeGreaterThan(8 * mean(7));
});
