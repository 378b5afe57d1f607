import { expect, test } from "vitest";
import {
  type LocatedPair,
  localisationFigures,
  locatePair,
  OVERLAP_THRESHOLDS,
} from "../../src/evaluation/known-places.ts";
import type { PlacedMap, Rectangle } from "../../src/evaluation/localisation.ts";
import { Random } from "../../src/random.ts";

const WHOLE = { x: 0, y: 0, width: 1, height: 1 };
const box = (x: number, y: number, width: number, height: number): Rectangle => ({ x, y, width, height });

/** A map of 0 with these cells at 1. */
function mapWith(hot: readonly (readonly [row: number, column: number])[], size = 7, region = WHOLE) {
  const values = new Float32Array(size * size);
  for (const [row, column] of hot) values[row * size + column] = 1;
  return { values, height: size, width: size, region };
}

/** Left half hot. Between the cells' centres at 3/8 and 5/8 heat falls in a line, to 180/255 at 0.4485: 100 of 224 places. */
const LEFT: PlacedMap = {
  values: [1, 1, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0],
  height: 4,
  width: 4,
  region: WHOLE,
};

const look = (map: PlacedMap, boxes: readonly Rectangle[], ...keys: (string | number)[]): LocatedPair =>
  locatePair(map, boxes, Random.of(0, ...keys));
const pointing = (map: PlacedMap, boxes: readonly Rectangle[]) => look(map, boxes).hits.model.isPointing;
const reached = (shares: readonly number[]) => OVERLAP_THRESHOLDS.filter((_, k) => shares[k] === 1);
/** The thresholds that one pair reaches. */
function thresholds(map: PlacedMap, boxes: readonly Rectangle[]) {
  const { model } = localisationFigures([look(map, boxes)])!.maps;
  return { iou: reached(model.iou), iobb: reached(model.iobb) };
}

test("a map points into the box where its highest cell has its centre, and into no other", () => {
  const map = mapWith([[2, 5]]);
  expect(pointing(map, [box(5 / 7, 2 / 7, 1 / 7, 1 / 7)])).toBe(true);
  expect(pointing(map, [box(4 / 7, 2 / 7, 1 / 7, 1 / 7)])).toBe(false);
  expect(pointing(map, [box(2 / 7, 5 / 7, 1 / 7, 1 / 7)])).toBe(false);
  expect(pointing(map, [box(0, 0, 0.1, 0.1), box(0.7, 0.3, 0.2, 0.2)])).toBe(true);
});

test("15 of 512 pixels beside the box are tolerated, in both directions", () => {
  const map = mapWith([[3, 3]]);
  const near = (boxes: readonly Rectangle[]) => {
    const { isPointing, isPointingNear } = look(map, boxes).hits.model;
    return [isPointing, isPointingNear];
  };
  expect(near([box(0.5 + 14.9 / 512, 0.4, 0.2, 0.2)])).toEqual([false, true]);
  expect(near([box(0.5 + 15.1 / 512, 0.4, 0.2, 0.2)])).toEqual([false, false]);
  expect(near([box(0.4, 0.3 - 14.9 / 512, 0.2, 0.2)])).toEqual([false, true]);
  expect(near([box(0.4, 0.3 - 15.1 / 512, 0.2, 0.2)])).toEqual([false, false]);
});

test("of equal cells the first in C order is the peak, and a flat map hits nothing", () => {
  const tie = mapWith([
    [1, 5],
    [4, 0],
  ]);
  expect(pointing(tie, [box(5 / 7, 1 / 7, 1 / 7, 1 / 7)])).toBe(true);
  expect(pointing(tie, [box(0, 4 / 7, 1 / 7, 1 / 7)])).toBe(false);
  for (const value of [0, 3]) {
    const flat = { ...tie, values: new Float32Array(49).fill(value) };
    expect(look(flat, [WHOLE]).hits.model).toEqual({
      isPointing: false,
      isPointingNear: false,
      overlap: { iou: 0, iobb: 0 },
    });
    expect(thresholds(flat, [WHOLE])).toEqual({ iou: [], iobb: [] });
  }
});

test("overlaps reach the thresholds that they have by hand", () => {
  const width = 100 / 224;
  const { overlap } = look(LEFT, [box(0, 0, 0.5, 1)]).hits.model;
  expect(overlap.iobb).toBeCloseTo(1, 12);
  expect(overlap.iou).toBeCloseTo(width / 0.5, 12);
  // 0.12 of what was detected; 0.1045 of what either covers.
  expect(thresholds(LEFT, [box(0, 0, 1, 0.12)])).toEqual({ iou: [0.1], iobb: [0.1] });
  // 0.45 of what was detected; 0.289 of what either covers.
  expect(thresholds(LEFT, [box(0, 0, 1, 0.45)])).toEqual({
    iou: [0.1, 0.2],
    iobb: [0.1, 0.2, 0.3, 0.4],
  });
  // The same in two boxes that lie apart: they count as one set.
  expect(thresholds(LEFT, [box(0, 0, 1, 0.2), box(0, 0.5, 1, 0.25)])).toEqual({
    iou: [0.1, 0.2],
    iobb: [0.1, 0.2, 0.3, 0.4],
  });
  expect(thresholds(LEFT, [box(0.5, 0, 0.5, 1)])).toEqual({ iou: [], iobb: [] });
});

test("a map of a part of the image points, and is boxed, within that part", () => {
  const region = { x: 0.25, y: -0.125, width: 0.5, height: 1.25 };
  const map = mapWith([[2, 5]], 7, region);
  const [x, y] = [0.25 + (5.5 / 7) * 0.5, -0.125 + (2.5 / 7) * 1.25];
  expect(pointing(map, [box(x - 0.01, y - 0.01, 0.02, 0.02)])).toBe(true);
  expect(pointing(map, [box(5.5 / 7 - 0.01, 2.5 / 7 - 0.01, 0.02, 0.02)])).toBe(false);
  const half = { ...LEFT, region: { x: 0.5, y: 0, width: 0.5, height: 1 } };
  expect(look(half, [box(0.5, 0, (0.5 * 100) / 224, 1)]).hits.model.overlap.iou).toBeCloseTo(1, 12);
  // What lies outside the part cannot be hit.
  expect(thresholds(half, [box(0, 0, 0.5, 1)])).toEqual({ iou: [], iobb: [] });
  // The controls cover the same part.
  const centre = (boxes: readonly Rectangle[]) => look(map, boxes).hits.centre.isPointing;
  expect([centre([box(0.49, 0.49, 0.02, 0.02)]), centre([box(0, 0, 0.25, 1)])]).toEqual([true, false]);
  const corner = mapWith([[0, 0]], 7, { x: 0, y: 0, width: 0.5, height: 0.5 });
  expect(look(corner, [box(0.24, 0.24, 0.02, 0.02)]).hits.centre.isPointing).toBe(true);
  expect(look(corner, [box(0.5, 0, 0.5, 1)], "outside").hits.random.isPointing).toBe(false);
});

test("the centre map points to the middle, of an even number of cells to the first beside it", () => {
  const centre = (size: number, boxes: readonly Rectangle[]) =>
    look(mapWith([[0, 0]], size), boxes).hits.centre;
  for (const size of [3, 7, 15])
    expect(centre(size, [box(0.499, 0.499, 0.002, 0.002)]).isPointing).toBe(true);
  for (const size of [4, 14, 28]) {
    const at = 0.5 - 0.5 / size;
    expect(centre(size, [box(at - 0.001, at - 0.001, 0.002, 0.002)]).isPointing).toBe(true);
  }
  expect(centre(2, [WHOLE]).isPointing).toBe(false);
  // Hottest around the middle, alike on all sides: what is detected is a square there.
  const { overlap } = centre(7, [box(0, 0, 0.5, 1)]);
  expect(overlap.iobb).toBeCloseTo(0.5, 12);
  expect(centre(7, [box(0, 0, 0.2, 1)]).overlap.iobb).toBe(0);
});

test("a random map hits a box as often as the box holds cells, and repeats by its stream", () => {
  const boxes = [box(1 / 7, 2 / 7, 3 / 7, 2 / 7), box(6 / 7, 6 / 7, 1 / 7, 1 / 7)];
  const map = mapWith([[0, 0]]);
  const draws = Array.from({ length: 1500 }, (_, i) => look(map, boxes, "draw", i).hits.random);
  const share = draws.filter(({ isPointing }) => isPointing).length / draws.length;
  const expected = 7 / 49;
  // Four standard errors.
  expect(Math.abs(share - expected)).toBeLessThan(4 * Math.sqrt((expected * (1 - expected)) / draws.length));
  expect(look(map, boxes, "draw", 3).hits.random).toEqual(draws[3]);
  expect(new Set(draws.map(({ overlap }) => overlap.iobb)).size).toBeGreaterThan(100);
});

test("figures are shares of the pairs; boxes are averaged one by one", () => {
  const map = mapWith([[2, 5]]);
  const hit = [box(5 / 7, 2 / 7, 1 / 7, 1 / 7)];
  const pairs = [
    look(map, hit),
    look(map, [box(0, 0, 0.1, 0.1), box(0, 0.5, 0.1, 0.3)]),
    look(map, [box(0, 0, 0.1, 0.1)]),
    look(map, [...hit, box(0, 0, 0.1, 0.1)]),
  ];
  const figures = localisationFigures(pairs)!;
  expect(figures.pairs).toBe(4);
  expect(figures.meanBoxArea).toBeCloseTo((2 / 49 + 0.01 + 0.03 + 0.01 + 0.01) / 6, 12);
  expect(figures.isSmallerThanCell).toBe(true);
  expect(figures.maps.model.pointing).toBe(0.5);
  expect(figures.maps.model.pointingNear).toBe(0.5);
  // Around the one hot cell lies a smaller box, wholly in the known one.
  expect(figures.maps.model.iobb).toEqual([0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5]);
  expect(figures.maps.model.iou[0]).toBe(0.5);
  expect(figures.maps.centre.pointing).toBe(0);
  expect(localisationFigures([])).toBeNull();
});

test("a box is smaller than a cell by what the cell covers of the image", () => {
  const isSmaller = (map: PlacedMap, area: number) =>
    localisationFigures([look(map, [box(0, 0, area, 1)])])!.isSmallerThanCell;
  const part = { x: 0.25, y: 0, width: 0.5, height: 1 };
  const [whole, cropped] = [mapWith([[0, 0]]), mapWith([[0, 0]], 7, part)];
  expect([isSmaller(whole, 0.99 / 49), isSmaller(whole, 1.01 / 49)]).toEqual([true, false]);
  expect([isSmaller(cropped, 0.49 / 49), isSmaller(cropped, 0.51 / 49)]).toEqual([true, false]);
});

test("a map with a cell that is no number is refused", () => {
  const map = mapWith([[0, 0]]);
  map.values[20] = Number.NaN;
  expect(() => look(map, [WHOLE])).toThrow(expect.objectContaining({ code: "evaluation/bad-input" }));
});
