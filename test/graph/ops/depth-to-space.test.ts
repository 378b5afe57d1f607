import { expect, test } from "vitest";
import { GraphBuilder } from "../../../src/graph/core/builder.ts";
import { depthToSpace } from "../../../src/graph/ops/depth-to-space.ts";
import { depthToSpace as oracle } from "../../oracle/arrange.ts";
import { expectGraph, expectRefusal, numbers } from "../../support/run-graph.ts";

test.each([
  [[2, 8, 3, 4], 2],
  [[1, 18, 2, 1], 3],
  [[3, 4, 1, 1], 2],
] as const)("%j: blocks of %i rows and columns", async (shape, stride) => {
  await expectGraph(
    [numbers(shape, 3)],
    (x) => depthToSpace(x!, stride),
    (x) => oracle(x!, stride),
    { tolerance: 0, batch: true },
  );
});

test("blocks of one are the image itself", () => {
  const x = new GraphBuilder("same").input("x", ["N", 3, 2, 2]);
  expect(depthToSpace(x, 1)).toBe(x);
});

test.each([
  ["channels that cannot be dealt out", [1, 6, 2, 2]],
  ["three axes", [4, 2, 2]],
  ["an unknown height", [1, 4, "H", 2]],
])("%s is refused", (_, shape) => {
  expectRefusal("DepthToSpace", [shape], (x) => depthToSpace(x!, 2));
});
