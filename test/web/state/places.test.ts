import { expect, test } from "vitest";
import { cellAt, largestTerm, sumsAt } from "../../../web/state/places.ts";

const places = {
  shape: [2, 2, 3] as const,
  terms: Float32Array.of(1, 2, 3, 4, 5, -6, 0.5, 0, 0, 0, 0, -7.5),
  bias: Float32Array.of(-2, 0.25),
  termLogits: Float32Array.of(7, -6.75),
};
const region = { x: 10, y: 20, width: 30, height: 40 };

test("a point lies in the cell that covers it, from its first edge up to the next", () => {
  expect(cellAt(10, 20, region, places.shape)).toEqual({ row: 0, column: 0 });
  expect(cellAt(19.99, 39.99, region, places.shape)).toEqual({ row: 0, column: 0 });
  expect(cellAt(20, 40, region, places.shape)).toEqual({ row: 1, column: 1 });
  expect(cellAt(39.9, 59.9, region, places.shape)).toEqual({ row: 1, column: 2 });
});

test("a point that the network did not see lies in no cell", () => {
  for (const [x, y] of [
    [9.9, 30],
    [40, 30],
    [20, 19],
    [20, 60],
  ] as const) {
    expect(cellAt(x, y, region, places.shape)).toBeUndefined();
  }
});

test("each finding has its term at the cell, and its terms and bias make its logit", () => {
  expect(sumsAt({ row: 1, column: 2 }, places)).toEqual([
    { here: -6, all: 9, bias: -2, logit: 7 },
    { here: -7.5, all: -7, bias: 0.25, logit: -6.75 },
  ]);
});

test("bars are measured by the largest term of any finding, and by no zero", () => {
  expect(largestTerm(places)).toBe(7.5);
  expect(largestTerm({ terms: new Float32Array(4) })).toBeGreaterThan(0);
});
