import { test } from "vitest";
import { unfold } from "../../../src/graph/ops/unfold.ts";
import { unfold as oracle } from "../../oracle/arrange.ts";
import { expectGraph, expectRefusal, numbers } from "../../support/run-graph.ts";

test.each([
  { x: [2, 3, 5, 6], kernel: 3, stride: 1, padding: 1 },
  { x: [1, 2, 7, 9], kernel: 3, stride: 2, padding: 0 },
  { x: [1, 3, 15, 14], kernel: 7, stride: 2, padding: 3 },
  { x: [2, 2, 8, 8], kernel: 2, stride: 2, padding: 0 },
  { x: [1, 1, 9, 9], kernel: 2, stride: 3, padding: 1 },
  { x: [1, 4, 3, 3], kernel: 1, stride: 1, padding: 0 },
  { x: [3, 1, 2, 2], kernel: 5, stride: 1, padding: 2 },
])("$x, kernel $kernel, stride $stride, padding $padding: its windows, either way round", async (row) => {
  const { x, kernel, stride, padding } = row;
  for (const mirrored of [false, true]) {
    await expectGraph(
      [numbers(x, 7)],
      (image) => unfold(image!, { kernel, stride, padding }, mirrored),
      (image) => oracle(image!, kernel, stride, padding, mirrored),
      { tolerance: 0, batch: true },
    );
  }
});

test.each([
  ["an image smaller than the window", [1, 1, 2, 5]],
  ["three axes", [1, 5, 5]],
  ["an unknown width", ["N", 1, 5, "W"]],
])("%s is refused", (_, shape) => {
  expectRefusal("Unfold", [shape], (x) => unfold(x!, { kernel: 3, stride: 1, padding: 0 }));
});
