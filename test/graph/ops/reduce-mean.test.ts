import { test } from "vitest";
import { reduceMean } from "../../../src/graph/ops/reduce-mean.ts";
import { reduceMean as oracle } from "../../oracle/reduce.ts";
import { expectGradient } from "../../support/gradients.ts";
import { expectGraph, expectRefusal, numbers } from "../../support/run-graph.ts";

test.each([
  { shape: [2, 3, 7, 7], axes: [2, 3] },
  { shape: [2, 3, 4], axes: [1] },
  { shape: [2, 3, 4], axes: [0] },
  { shape: [2, 3, 4], axes: [0, 2] },
  { shape: [2, 3], axes: [0, 1] },
  { shape: [5], axes: [0] },
])(
  "the mean of $shape over the axes $axes keeps them as 1, and its gradient is shared out",
  async ({ shape, axes }) => {
    await expectGraph(
      [numbers(shape, 6)],
      (x) => reduceMean(x!, axes),
      (x) => oracle(x!, axes),
      { batch: !axes.includes(0) },
    );
    await expectGradient(
      [numbers(shape, 6)],
      (x) => reduceMean(x!, axes),
      (x) => oracle(x!, axes),
      { batch: !axes.includes(0) },
    );
  },
);

test.each([
  [[2, 3], [2]],
  [
    [2, 3],
    [0, 5],
  ],
  [[2, 3], [-1]],
])("%j has no axes %j", (shape, axes) => {
  expectRefusal("ReduceMean", [shape], (x) => reduceMean(x!, axes));
});

test("a mean over no axes is refused, for ONNX would take it over all", () => {
  expectRefusal("ReduceMean", [[2, 3]], (x) => reduceMean(x!, []));
});
