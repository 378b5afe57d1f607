import { expect, test } from "vitest";
import { maxPool } from "../../../src/graph/ops/max-pool.ts";
import { maxPool as oracle } from "../../oracle/pool.ts";
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
