import { expect, test } from "vitest";
import { GraphBuilder } from "../../../src/graph/core/builder.ts";
import { sumTo } from "../../../src/graph/ops/sum-to.ts";
import { reshape } from "../../oracle/arrange.ts";
import { reduceSum } from "../../oracle/reduce.ts";
import { expectGraph, numbers } from "../../support/run-graph.ts";

test.each([
  { from: [2, 3, 4], to: [4], axes: [0, 1] },
  { from: [2, 3, 4], to: [3, 1], axes: [0, 2] },
  { from: [2, 3, 4], to: [2, 1, 1], axes: [1, 2] },
  { from: [2, 3], to: [], axes: [0, 1] },
])("$from to $to is summed over $axes", async ({ from, to, axes }) => {
  await expectGraph(
    [numbers(from, 1)],
    (gradient) => sumTo(gradient!, to),
    (gradient) => reshape(reduceSum(gradient!, axes), to),
  );
});

test("what was not repeated comes back as it is, its extents of 1 too", () => {
  const gradient = new GraphBuilder("alike").input("g", [2, 1, 4]);
  expect(sumTo(gradient, [2, 1, 4])).toBe(gradient);
  expect(sumTo(gradient, [2, 3, 4])).toBe(gradient);
});
