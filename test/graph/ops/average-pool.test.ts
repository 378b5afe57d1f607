import { test } from "vitest";
import { averagePool } from "../../../src/graph/ops/average-pool.ts";
import { averagePool as oracle } from "../../oracle/pool.ts";
import { expectGradient } from "../../support/gradients.ts";
import { expectGraph, expectRefusal, numbers } from "../../support/run-graph.ts";

test.each([
  { x: [2, 3, 8, 6], kernel: 2, stride: 2 },
  { x: [1, 2, 7, 5], kernel: 2, stride: 2 },
  { x: [1, 1, 7, 8], kernel: 3, stride: 1 },
  { x: [1, 1, 9, 9], kernel: 2, stride: 3 },
  { x: [1, 1, 2, 2], kernel: 2, stride: 2 },
])(
  "$x, kernel $kernel, stride $stride: means of windows, the rest dropped",
  async ({ x, kernel, stride }) => {
    await expectGraph(
      [numbers(x, 5)],
      (image) => averagePool(image!, { kernel, stride }),
      (image) => oracle(image!, kernel, stride),
      { batch: true },
    );
  },
);

test.each([
  ["an image smaller than the window", [1, 4, 1, 5]],
  ["two axes", [4, 4]],
  ["an unknown height", ["N", 1, "H", 4]],
])("%s is refused", (_, shape) => {
  expectRefusal("AveragePool", [shape], (x) => averagePool(x!, { kernel: 2, stride: 2 }));
});

test.each([
  { x: [2, 3, 8, 6], kernel: 2, stride: 2 },
  { x: [1, 2, 7, 5], kernel: 2, stride: 2 },
  { x: [1, 1, 7, 8], kernel: 3, stride: 1 },
  { x: [1, 2, 9, 9], kernel: 2, stride: 3 },
  { x: [2, 1, 8, 10], kernel: 1, stride: 3 },
  { x: [1, 1, 9, 8], kernel: 3, stride: 2 },
  { x: [1, 1, 2, 2], kernel: 2, stride: 2 },
  { x: [3, 2, 1, 1], kernel: 1, stride: 1 },
])("$x, kernel $kernel, stride $stride: the gradient is shared out", async ({ x, kernel, stride }) => {
  for (const batch of [false, true]) {
    await expectGradient(
      [numbers(x, 5)],
      (image) => averagePool(image!, { kernel, stride }),
      (image) => oracle(image!, kernel, stride),
      { elements: 90, batch },
    );
  }
});
