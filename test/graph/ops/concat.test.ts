import { expect, test } from "vitest";
import { GraphBuilder } from "../../../src/graph/core/builder.ts";
import { concat } from "../../../src/graph/ops/concat.ts";
import { concat as oracle } from "../../oracle/concat.ts";
import { expectGradient, gradientsOf } from "../../support/gradients.ts";
import { expectGraph, expectRefusal, numbers } from "../../support/run-graph.ts";

test.each([
  {
    shapes: [
      [2, 3, 4, 5],
      [2, 1, 4, 5],
    ],
    axis: 1,
    batch: false,
  },
  {
    shapes: [
      [1, 2],
      [1, 3],
      [1, 4],
    ],
    axis: 1,
    batch: false,
  },
  {
    shapes: [
      [2, 3],
      [4, 3],
    ],
    axis: 0,
    batch: false,
  },
  {
    shapes: [
      [2, 2, 3],
      [2, 2, 1],
    ],
    axis: 2,
    batch: false,
  },
])("$shapes are joined along axis $axis", async ({ shapes, axis }) => {
  await expectGraph(
    shapes.map((shape, i) => numbers(shape, i)),
    (first, ...rest) => concat([first!, ...rest], axis),
    (...arrays) => oracle(arrays, axis),
    { tolerance: 0 },
  );
});

test("a single value comes back as it is", () => {
  const graph = new GraphBuilder("single");
  const x = graph.input("x", [1, 2]);
  expect(concat([x], 1)).toBe(x);
});

test("other axes may be named", () => {
  const graph = new GraphBuilder("named");
  const [x, y] = [graph.input("x", ["N", 2, 3]), graph.input("y", ["N", 5, 3])];
  expect(concat([x, y], 1).shape).toEqual(["N", 7, 3]);
});

test.each([
  [
    "another extent beside the axis",
    [
      [1, 2, 3],
      [1, 2, 4],
    ],
    1,
  ],
  [
    "another number of axes",
    [
      [1, 2],
      [1, 2, 1],
    ],
    1,
  ],
  [
    "a named extent along the axis",
    [
      ["N", 2],
      ["N", 2],
    ],
    0,
  ],
  [
    "an axis that is not there",
    [
      [1, 2],
      [1, 2],
    ],
    2,
  ],
  [
    "a negative axis",
    [
      [1, 2],
      [1, 2],
    ],
    -1,
  ],
])("%s is refused", (_, shapes, axis) => {
  expectRefusal("Concat", shapes, (first, ...rest) => concat([first!, ...rest], axis));
});

test("inputs of two dtypes are refused", () => {
  const graph = new GraphBuilder("dtypes");
  const [x, y] = [graph.input("x", [1]), graph.input("y", [1], "int64")];
  expect(() => concat([x, y], 0)).toThrow(/^Concat: .*\(inputs float32\[1\], int64\[1\]\)$/);
});

const PARTS = [
  {
    shapes: [
      [2, 3, 4, 5],
      [2, 1, 4, 5],
      [2, 4, 4, 5],
    ],
    axis: 1,
    wanted: [0, 1, 2],
  },
  {
    shapes: [
      [2, 3, 4, 5],
      [2, 1, 4, 5],
      [2, 4, 4, 5],
    ],
    axis: 1,
    wanted: [1],
  },
  {
    shapes: [
      [2, 3],
      [4, 3],
      [1, 3],
    ],
    axis: 0,
    wanted: [0, 1, 2],
  },
  {
    shapes: [
      [2, 3],
      [4, 3],
      [1, 3],
    ],
    axis: 0,
    wanted: [2],
  },
  {
    shapes: [
      [2, 2, 3],
      [2, 2, 1],
    ],
    axis: 2,
    wanted: [0, 1],
  },
];

test.each(PARTS)("$shapes along axis $axis: the gradients of $wanted are their parts", async (row) => {
  const { shapes, axis, wanted } = row;
  await expectGradient(
    shapes.map((shape, i) => numbers(shape, i)),
    (first, ...rest) => concat([first!, ...rest], axis),
    (...arrays) => oracle(arrays, axis),
    { wanted, elements: 60 },
  );
});

test("a value joined with itself has the sum of both parts", async () => {
  const cotangent = { ...numbers([4], 0), data: Float32Array.of(1, 2, 30, 40) };
  const [gradient] = await gradientsOf([numbers([2], 1)], (x) => concat([x!, x!], 0), { cotangent });
  expect([...gradient!]).toEqual([31, 42]);
});
