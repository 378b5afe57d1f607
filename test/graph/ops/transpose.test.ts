import { expect, test } from "vitest";
import { GraphBuilder } from "../../../src/graph/core/builder.ts";
import { transpose } from "../../../src/graph/ops/transpose.ts";
import { transpose as oracle } from "../../oracle/arrange.ts";
import { expectGradient } from "../../support/gradients.ts";
import { expectGraph, expectRefusal, numbers } from "../../support/run-graph.ts";

test.each([
  [
    [2, 3],
    [1, 0],
  ],
  [
    [2, 3, 4],
    [2, 0, 1],
  ],
  [
    [2, 3, 4],
    [0, 2, 1],
  ],
  [
    [2, 3, 4, 5],
    [1, 0, 2, 3],
  ],
  [
    [2, 3, 4, 5],
    [3, 1, 0, 2],
  ],
  [[5], [0]],
])("%j in the order %j, and its gradient back", async (shape, order) => {
  const tensors = [numbers(shape, 3)];
  await expectGraph(
    tensors,
    (x) => transpose(x!, order),
    (x) => oracle(x!, order),
    { tolerance: 0, batch: true },
  );
  await expectGradient(
    tensors,
    (x) => transpose(x!, order),
    (x) => oracle(x!, order),
  );
});

test("a named extent goes along", () => {
  const x = new GraphBuilder("named").input("x", ["N", 3, 4]);
  expect(transpose(x, [1, 2, 0]).shape).toEqual([3, 4, "N"]);
});

test.each([
  [
    [2, 3],
    [0, 2],
  ],
  [
    [2, 3],
    [0, 0],
  ],
  [[2, 3], [0]],
  [
    [2, 3],
    [0, 1, 2],
  ],
])("%j has no order %j", (shape, order) => {
  expectRefusal("Transpose", [shape], (x) => transpose(x!, order));
});
