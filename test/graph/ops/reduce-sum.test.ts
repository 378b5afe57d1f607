import { expect, test } from "vitest";
import { GraphBuilder } from "../../../src/graph/core/builder.ts";
import { reduceSum } from "../../../src/graph/ops/reduce-sum.ts";
import type { Array64 } from "../../oracle/array.ts";
import { reduceSum as oracle } from "../../oracle/reduce.ts";
import { expectGradient } from "../../support/gradients.ts";
import { expectGraph, expectRefusal, numbers } from "../../support/run-graph.ts";

const dropped = ({ shape, data }: Array64, axes: readonly number[]): Array64 => ({
  shape: shape.filter((_, axis) => !axes.includes(axis)),
  data,
});

test.each([
  { shape: [2, 3, 7, 7], axes: [2, 3] },
  { shape: [2, 3, 4], axes: [1] },
  { shape: [2, 3, 4], axes: [0] },
  { shape: [2, 3, 4], axes: [0, 2] },
  { shape: [2, 3], axes: [0, 1] },
  { shape: [5], axes: [0] },
])("the sum of $shape over $axes, kept as 1 or dropped, and its gradient", async ({ shape, axes }) => {
  const tensors = [numbers(shape, 6)];
  const batch = !axes.includes(0);
  const kept = (x: Array64 | undefined) => oracle(x!, axes);
  const without = (x: Array64 | undefined) => dropped(oracle(x!, axes), axes);
  await expectGraph(tensors, (x) => reduceSum(x!, axes), kept, { batch });
  await expectGraph(tensors, (x) => reduceSum(x!, axes, true), without, { batch });
  await expectGradient(tensors, (x) => reduceSum(x!, axes), kept);
  await expectGradient(tensors, (x) => reduceSum(x!, axes, true), without);
});

test("a named extent may be summed over, and stays named beside it", () => {
  const x = new GraphBuilder("named").input("x", ["N", 3]);
  expect(reduceSum(x, [0]).shape).toEqual([1, 3]);
  expect(reduceSum(x, [1], true).shape).toEqual(["N"]);
});

test.each([
  [[2, 3], [2]],
  [
    [2, 3],
    [0, 5],
  ],
  [[2, 3], [-1]],
  [[2, 3], []],
])("%j cannot be summed over %j", (shape, axes) => {
  expectRefusal("ReduceSum", [shape], (x) => reduceSum(x!, axes));
});
