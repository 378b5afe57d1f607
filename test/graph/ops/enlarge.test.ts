import { expect, test } from "vitest";
import { GraphBuilder } from "../../../src/graph/core/builder.ts";
import { enlarge, enlargedFrom } from "../../../src/graph/ops/enlarge.ts";
import { relu } from "../../../src/graph/ops/relu.ts";
import { at, fill } from "../../oracle/array.ts";
import { expectGraph, expectRefusal, numbers } from "../../support/run-graph.ts";

test.each([
  [[2, 3, 4, 5], 2],
  [[1, 2, 7, 7], 2],
  [[3, 1, 2, 1], 3],
  [[1, 1, 1, 1], 5],
] as const)("%j: every position %i times", async (shape, factor) => {
  await expectGraph(
    [numbers(shape, 4)],
    (x) => enlarge(x!, factor),
    (x) =>
      fill([shape[0], shape[1], factor * shape[2], factor * shape[3]], ([n, c, i, j]) =>
        at(x!, [n!, c!, Math.floor(i! / factor), Math.floor(j! / factor)]),
      ),
    { tolerance: 0, batch: true },
  );
});

test("an enlargement remembers what it was made from; nothing else does", () => {
  const x = new GraphBuilder("enlarge").input("x", ["N", 3, 4, 5]);
  expect(enlargedFrom(enlarge(x, 2))).toEqual({ small: x, factor: 2 });
  expect(enlarge(x, 1)).toBe(x);
  expect(enlargedFrom(x)).toBeUndefined();
  expect(enlargedFrom(relu(enlarge(x, 2)))).toBeUndefined();
});

test("three axes are refused", () => {
  expectRefusal("Resize", [[4, 2, 2]], (x) => enlarge(x!, 2));
});
