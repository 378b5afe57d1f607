import { expect, test } from "vitest";
import { GraphBuilder } from "../../../src/graph/core/builder.ts";
import type { Shape } from "../../../src/graph/core/graph.ts";
import { pad } from "../../../src/graph/ops/pad.ts";
import { pad as oracle } from "../../oracle/arrange.ts";
import { expectGraph, expectRefusal, numbers } from "../../support/run-graph.ts";

test.each([
  { shape: [2, 3], before: [1, 0], after: [0, 2], value: 0 },
  { shape: [2, 3, 4, 5], before: [0, 0, 1, 2], after: [0, 0, 3, 0], value: -3.4e38 },
  { shape: [2, 3, 4, 5], before: [0, 1, -1, -2], after: [0, 0, 2, -1], value: 0 },
  { shape: [6], before: [-2], after: [-3], value: 7 },
  { shape: [6], before: [-2], after: [2], value: 7 },
])("$shape with $before before and $after after is surrounded by $value, or cut", async (row) => {
  const { shape, before, after, value } = row;
  await expectGraph(
    [numbers(shape, 3)],
    (x) => pad(x!, before, after, value),
    (x) => oracle(x!, before, after, Math.fround(value)),
    { tolerance: 0, batch: before[0] === 0 && after[0] === 0 },
  );
});

test("the padding is 0 unless given", async () => {
  await expectGraph(
    [numbers([2], 3)],
    (x) => pad(x!, [1], [1]),
    (x) => oracle(x!, [1], [1], 0),
    { tolerance: 0 },
  );
});

test("without padding a value comes back as it is", () => {
  const x = new GraphBuilder("same").input("x", ["N", 3]);
  expect(pad(x, [0, 0], [0, 0])).toBe(x);
});

test.each<[string, Shape, number[], number[]]>([
  ["nothing left of an axis", [2, 3], [0, -2], [0, -1]],
  ["counts for fewer axes", [2, 3], [1], [1]],
  ["an axis of unknown extent", ["N", 3], [1, 0], [0, 0]],
  ["an axis of unknown extent, moved", ["N", 3], [1, 0], [-1, 0]],
])("%s is refused", (_, shape, before, after) => {
  expectRefusal("Pad", [shape], (x) => pad(x!, before, after));
});
