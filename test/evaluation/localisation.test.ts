import { expect, test } from "vitest";
import {
  boxesAround,
  overlapOf,
  type PlacedMap,
  peakOf,
  pointsInto,
  type Rectangle,
} from "../../src/evaluation/localisation.ts";
import { Random } from "../../src/random.ts";
import { fixtureJson } from "../fixtures.ts";

type Corners = readonly [x: number, y: number, width: number, height: number];

interface Case {
  readonly name: string;
  readonly height: number;
  readonly width: number;
  readonly values: readonly number[];
  readonly level: number;
  readonly known: readonly Corners[];
  readonly peak: readonly [number, number] | null;
  readonly detected: readonly Corners[];
  readonly iou: number;
  readonly iobb: number;
}

const CASES = fixtureJson<Case[]>("localisation/cases.json");

const boxOf = ([x, y, width, height]: Corners): Rectangle => ({ x, y, width, height });
const cornersOf = ({ x, y, width, height }: Rectangle) => [x, y, width, height];
const mapOf = ({ values, height, width }: Case, region = boxOf([0, 0, 224, 224])): PlacedMap => ({
  values,
  height,
  width,
  region,
});

test("there are cases with one region, with several and with none", () => {
  const counts = CASES.map(({ detected }) => detected.length);
  expect([counts.length, Math.min(...counts), counts.includes(1), Math.max(...counts) > 3]).toEqual([
    30,
    0,
    true,
    true,
  ]);
});

test.each(CASES)("a map points to its highest cell: $name", (given) => {
  const peak = peakOf(mapOf(given));
  if (given.peak === null) expect(peak).toBeNull();
  else {
    expect(peak!.x).toBeCloseTo(given.peak[0], 9);
    expect(peak!.y).toBeCloseTo(given.peak[1], 9);
  }
});

test.each(CASES)("boxes lie around the regions that scikit-image finds: $name", (given) => {
  const boxes = boxesAround(mapOf(given), given.level);
  const order = (a: readonly number[], b: readonly number[]) => a[1]! - b[1]! || a[0]! - b[0]!;
  expect(boxes.map(cornersOf).sort(order)).toEqual([...given.detected].sort(order));
});

test.each(CASES)("overlaps equal counted pixels: $name", ({ detected, known, iou, iobb }) => {
  const overlap = overlapOf(detected.map(boxOf), known.map(boxOf));
  expect(overlap.iou).toBeCloseTo(iou, 12);
  expect(overlap.iobb).toBeCloseTo(iobb, 12);
});

test("a map that covers a part of the image points there", () => {
  const region = { x: 100, y: 40, width: 700, height: 350 };
  const values = new Float32Array(49);
  values[2 * 7 + 5] = 1;
  expect(peakOf({ values, height: 7, width: 7, region })).toEqual({ x: 650, y: 165 });
  const [box, ...others] = boxesAround({ values, height: 7, width: 7, region }, 0.5);
  expect(others).toEqual([]);
  // Half of the height is reached half a cell away from the centre: a box of one cell, within a 224th of the map.
  expect(Math.abs(box!.x - 600)).toBeLessThanOrEqual(700 / 224);
  expect(Math.abs(box!.width - 100)).toBeLessThanOrEqual((2 * 700) / 224);
  expect(Math.abs(box!.y - 140)).toBeLessThanOrEqual(350 / 224);
});

test("a box holds its edges, and as much around it as is tolerated", () => {
  const boxes = [boxOf([10, 20, 30, 40])];
  expect(pointsInto({ x: 10, y: 60 }, boxes)).toBe(true);
  expect(pointsInto({ x: 9.9, y: 60 }, boxes)).toBe(false);
  expect(pointsInto({ x: 9.9, y: 60 }, boxes, 0.2)).toBe(true);
  expect(pointsInto({ x: 55, y: 75 }, boxes, 15)).toBe(true);
  expect(pointsInto({ x: 55.1, y: 75 }, boxes, 15)).toBe(false);
  expect(pointsInto({ x: 15, y: 25 }, [])).toBe(false);
});

test("a box that lies wholly in a known one has an IoBB of 1, and a map of the whole image one of its share", () => {
  const known = [boxOf([50, 50, 100, 100])];
  expect(overlapOf([boxOf([60, 60, 10, 10])], known)).toEqual({ iou: 0.01, iobb: 1 });
  expect(overlapOf([boxOf([0, 0, 200, 200])], known)).toEqual({ iou: 0.25, iobb: 0.25 });
  expect(overlapOf([], known)).toEqual({ iou: 0, iobb: 0 });
  expect(overlapOf(known, [])).toEqual({ iou: 0, iobb: 0 });
});

test("a map with a cell that is no number, and a level out of range, are refused", () => {
  const values = new Float32Array(49);
  values[20] = Number.NaN;
  const map = { values, height: 7, width: 7, region: boxOf([0, 0, 224, 224]) };
  const bad = expect.objectContaining({
    code: "evaluation/bad-input",
    message: expect.stringMatching(/cell 20/),
  });
  expect(() => peakOf(map)).toThrow(bad);
  expect(() => boxesAround(map, 0.5)).toThrow(bad);
  expect(() => peakOf({ ...map, values: [1, 2] })).toThrow(
    expect.objectContaining({ code: "evaluation/bad-input" }),
  );
  for (const level of [0, 1.1, Number.NaN])
    expect(() => boxesAround({ ...map, values: new Float32Array(49) }, level)).toThrow(
      expect.objectContaining({ code: "evaluation/bad-level" }),
    );
});

test("the order of boxes, and a box given twice, change nothing", () => {
  const random = Random.of(3, "boxes");
  const draw = () => boxOf([random.int(50), random.int(50), 1 + random.int(40), 1 + random.int(40)]);
  for (let i = 0; i < 50; i++) {
    const [a, b, c, d] = [draw(), draw(), draw(), draw()];
    const overlap = overlapOf([a, b], [c, d]);
    expect(overlapOf([b, a, a], [d, c, d])).toEqual(overlap);
    expect(overlap.iou).toBeLessThanOrEqual(overlap.iobb);
  }
});
