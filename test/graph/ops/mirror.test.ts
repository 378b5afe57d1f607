import { expect, test } from "vitest";
import { GraphBuilder } from "../../../src/graph/core/builder.ts";
import { mirror } from "../../../src/graph/ops/mirror.ts";
import { at, fill } from "../../oracle/array.ts";
import { expectGraph, expectRefusal, numbers } from "../../support/run-graph.ts";

test.each([
  [
    [2, 3, 3, 4],
    [2, 3],
  ],
  [[5], [0]],
  [[1, 4, 2], [1]],
] as const)("%j: axes %j are reversed", async (shape, axes) => {
  await expectGraph(
    [numbers(shape, 6)],
    (x) => mirror(x!, axes),
    (x) =>
      fill(shape, (index) =>
        at(
          x!,
          index.map((i, axis) => (axes.some((one) => one === axis) ? shape[axis]! - 1 - i : i)),
        ),
      ),
    { tolerance: 0 },
  );
});

test("other axes may be known at run time only; those that are reversed may not", () => {
  const x = new GraphBuilder("mirror").input("x", ["N", 3, 3, 3]);
  expect(mirror(x, [2, 3]).shape).toEqual(["N", 3, 3, 3]);
  expectRefusal("Slice", [["N", 3]], (y) => mirror(y!, [0]));
});
