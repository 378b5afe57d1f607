import { expect, test } from "vitest";
import { GraphBuilder } from "../../../src/graph/core/builder.ts";
import type { Shape } from "../../../src/graph/core/graph.ts";
import { backward } from "../../../src/graph/gradient/backward.ts";
import { type AxisPart, slice } from "../../../src/graph/ops/slice.ts";
import { slice as oracle } from "../../oracle/arrange.ts";
import type { Array64 } from "../../oracle/array.ts";
import { expectGradient } from "../../support/gradients.ts";
import { expectGraph, expectRefusal, numbers } from "../../support/run-graph.ts";

const sliced = (x: Array64, parts: readonly AxisPart[]): Array64 =>
  parts.reduce((left, { axis, start, end, stride = 1 }) => {
    return oracle(left, axis, start, Math.ceil((end - start) / stride), stride);
  }, x);

test.each<[number[], AxisPart[]]>([
  [[6], [{ axis: 0, start: 1, end: 4 }]],
  [[2, 6], [{ axis: 1, start: 0, end: 6 }]],
  [[2, 6, 3], [{ axis: 1, start: 5, end: 6 }]],
  [
    [2, 6, 5, 4],
    [
      { axis: 3, start: 1, end: 3 },
      { axis: 1, start: 2, end: 6 },
    ],
  ],
])("%j, parts %j, and the gradient with zeros around", async (shape, parts) => {
  const tensors = [numbers(shape, 3)];
  await expectGraph(
    tensors,
    (x) => slice(x!, parts),
    (x) => sliced(x!, parts),
    { tolerance: 0, batch: parts.every(({ axis }) => axis > 0) },
  );
  await expectGradient(
    tensors,
    (x) => slice(x!, parts),
    (x) => sliced(x!, parts),
    { elements: 60 },
  );
});

test.each([
  [7, 0, 7, 2],
  [7, 1, 6, 2],
  [9, 2, 3, 4],
  [9, 0, 9, 9],
])("of %i elements, those from %i below %i by steps of %i", async (extent, start, end, stride) => {
  const parts = [{ axis: 1, start, end, stride }];
  await expectGraph(
    [numbers([2, extent, 3], 3)],
    (x) => slice(x!, parts),
    (x) => sliced(x!, parts),
    { tolerance: 0, batch: true },
  );
});

test.each<[string, Shape, AxisPart]>([
  ["an end beyond the axis", [2, 3], { axis: 1, start: 0, end: 4 }],
  ["a negative start", [2, 3], { axis: 1, start: -1, end: 2 }],
  ["an empty part", [2, 3], { axis: 1, start: 2, end: 2 }],
  ["an axis that is not there", [2, 3], { axis: 2, start: 0, end: 1 }],
  ["a stride of 0", [2, 3], { axis: 1, start: 0, end: 2, stride: 0 }],
  ["a part of an axis of unknown extent", ["N", 3], { axis: 0, start: 0, end: 1 }],
])("%s is refused", (_, shape, part) => {
  expectRefusal("Slice", [shape], (x) => slice(x!, [part]));
});

test("the gradient of a strided slice is refused, not wrong", () => {
  const graph = new GraphBuilder("strided");
  const x = graph.input("x", [4]);
  const y = slice(x, [{ axis: 0, start: 0, end: 4, stride: 2 }]);
  expect(() => backward(new Map([[y, graph.input("g", [2])]]), [x])).toThrow(
    expect.objectContaining({ code: "graph/shape-mismatch", message: expect.stringMatching(/^Slice: /) }),
  );
});
