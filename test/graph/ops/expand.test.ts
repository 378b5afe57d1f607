import { expect, test } from "vitest";
import { GraphBuilder } from "../../../src/graph/core/builder.ts";
import type { Shape } from "../../../src/graph/core/graph.ts";
import { expand } from "../../../src/graph/ops/expand.ts";
import { expand as oracle } from "../../oracle/arrange.ts";
import { expectGraph, expectRefusal, numbers } from "../../support/run-graph.ts";

test.each([
  [
    [1, 3],
    [2, 3],
  ],
  [
    [2, 1, 1],
    [2, 4, 5],
  ],
  [
    [1, 1],
    [3, 4],
  ],
  [
    [3, 1, 2],
    [3, 1, 2],
  ],
])("%j is repeated to %j", async (from, to) => {
  await expectGraph(
    [numbers(from, 3)],
    (x) => expand(x!, to),
    (x) => oracle(x!, to),
    { tolerance: 0 },
  );
});

test("a batch known at run time stays what it is", async () => {
  await expectGraph(
    [numbers([3, 2, 1], 3)],
    (x) => expand(x!, ["N", 2, 4]),
    (x) => oracle(x!, [3, 2, 4]),
    { tolerance: 0, batch: true },
  );
});

test("a value of that shape comes back as it is", () => {
  const x = new GraphBuilder("same").input("x", ["N", 3]);
  expect(expand(x, ["N", 3])).toBe(x);
});

test.each<[Shape, Shape]>([
  [
    [2, 3],
    [4, 3],
  ],
  [[2], [2, 2]],
  [[2, 1], [2]],
  [
    ["N", 1],
    ["M", 2],
  ],
  [
    ["N", 1],
    [4, 2],
  ],
])("%j cannot become %j", (from, to) => {
  expectRefusal("Expand", [from], (x) => expand(x!, to));
});
