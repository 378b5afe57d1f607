import { expect, test } from "vitest";
import { maxPool } from "../../../src/graph/ops/max-pool.ts";
import { float32 } from "../../../src/tensor.ts";
import { maxPool as oracle } from "../../oracle/pool.ts";
import { expectGradient, gradientsOf } from "../../support/gradients.ts";
import { expectGraph, expectRefusal, numbers, runGraph } from "../../support/run-graph.ts";

test.each([
  { x: [2, 3, 8, 8], kernel: 3, stride: 2, padding: 1 },
  { x: [1, 2, 7, 9], kernel: 3, stride: 2, padding: 1 },
  { x: [1, 1, 5, 6], kernel: 2, stride: 2, padding: 0 },
  { x: [1, 2, 4, 4], kernel: 3, stride: 1, padding: 0 },
  { x: [1, 1, 1, 1], kernel: 1, stride: 1, padding: 0 },
])("$x, kernel $kernel, stride $stride, padding $padding", async ({ x, kernel, stride, padding }) => {
  const window = { kernel, stride, padding };
  const build = (...[image]: Parameters<typeof maxPool>[0][]) => maxPool(image!, window);
  await expectGraph([numbers(x, 7)], build, (image) => oracle(image!, kernel, stride, padding), {
    tolerance: 0,
    batch: true,
  });
});

test("padding never wins, even where all values are negative", async () => {
  const { data } = await runGraph([numbers([1, 1, 3, 3], 1, -9, -8)], (x) =>
    maxPool(x!, { kernel: 3, stride: 2, padding: 1 }),
  );
  expect(Math.max(...data)).toBeLessThan(-8);
});

test.each([
  ["an image smaller than the window", [1, 1, 2, 5]],
  ["three axes", [1, 5, 5]],
  ["an unknown width", ["N", 1, 5, "W"]],
])("%s is refused", (_, shape) => {
  expectRefusal("MaxPool", [shape], (x) => maxPool(x!, { kernel: 3, stride: 2, padding: 0 }));
});

test.each([
  { x: [2, 3, 8, 8], kernel: 3, stride: 2, padding: 1 },
  { x: [1, 2, 7, 9], kernel: 3, stride: 2, padding: 1 },
  { x: [1, 2, 7, 5], kernel: 2, stride: 2, padding: 0 },
  { x: [2, 1, 6, 5], kernel: 3, stride: 1, padding: 1 },
  { x: [1, 2, 8, 10], kernel: 2, stride: 3, padding: 0 },
  { x: [1, 2, 9, 8], kernel: 2, stride: 3, padding: 1 },
  { x: [1, 1, 7, 8], kernel: 5, stride: 3, padding: 2 },
  { x: [1, 3, 5, 5], kernel: 1, stride: 2, padding: 0 },
  { x: [1, 1, 1, 1], kernel: 1, stride: 1, padding: 0 },
])("$x, kernel $kernel, stride $stride, padding $padding: each gradient to the largest", async (row) => {
  const { x, kernel, stride, padding } = row;
  // Some images are negative all over, so that the padding would win were it 0.
  for (const [low, high] of [
    [-2, 2],
    [-5, -1],
  ]) {
    await expectGradient(
      [numbers(x, 7, low, high)],
      (image) => maxPool(image!, { kernel, stride, padding }),
      (image) => oracle(image!, kernel, stride, padding),
      { elements: 60, batch: low === -5 },
    );
  }
});

test.each([
  {
    name: "a plain image",
    kernel: 2,
    stride: 2,
    padding: 0,
    x: [
      [7, 7, 1, 2],
      [7, 7, 2, 2],
      [1, 3, 5, 0],
      [3, 3, 0, 5],
    ],
    gradient: [
      [10, 0, 0, 20],
      [0, 0, 0, 0],
      [0, 30, 40, 0],
      [0, 0, 0, 0],
    ],
  },
  {
    name: "windows that overlap",
    kernel: 2,
    stride: 1,
    padding: 0,
    x: [
      [0, 0, 0],
      [0, 0, 0],
      [0, 0, 0],
    ],
    gradient: [
      [10, 20, 0],
      [30, 40, 0],
      [0, 0, 0],
    ],
  },
  {
    name: "padding around negative values",
    kernel: 3,
    stride: 2,
    padding: 1,
    x: [
      [-4, -4, -4],
      [-4, -4, -4],
      [-4, -4, -4],
    ],
    gradient: [
      [10, 20, 0],
      [30, 40, 0],
      [0, 0, 0],
    ],
  },
])("of several alike, the first in reading order has the gradient: $name", async (row) => {
  const { kernel, stride, padding, x, gradient } = row;
  const image = float32([1, 1, x.length, x[0]!.length], Float32Array.from(x.flat()));
  const cotangent = float32([1, 1, 2, 2], Float32Array.of(10, 20, 30, 40));
  const build = (...[value]: Parameters<typeof maxPool>[0][]) => maxPool(value!, { kernel, stride, padding });
  const [actual] = await gradientsOf([image], build, { cotangent });
  expect([...actual!]).toEqual(gradient.flat());
});
