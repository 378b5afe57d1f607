import { expect, test } from "vitest";
import { relu } from "../../../src/graph/ops/relu.ts";
import { float32 } from "../../../src/tensor.ts";
import { relu as oracle } from "../../oracle/elementwise.ts";
import { expectGradient, gradientsOf } from "../../support/gradients.ts";
import { expectGraph, numbers, runGraph } from "../../support/run-graph.ts";

test.each([[[2, 3, 4]], [[1]], [[]], [[33]]])(
  "%j: negative values become 0, others stay to the bit",
  async (shape) => {
    await expectGraph(
      [numbers(shape, 3)],
      (x) => relu(x!),
      (x) => oracle(x!),
      { tolerance: 0, batch: shape.length > 1 },
    );
  },
);

test("the smallest number stays, infinity stays, and a negative one becomes 0", async () => {
  const x = float32([4], Float32Array.of(1e-45, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -1e-45));
  const { data } = await runGraph([x], (value) => relu(value!));
  expect([...data].map(Math.abs)).toEqual([Math.fround(1e-45), Number.POSITIVE_INFINITY, 0, 0]);
});

test.each([[[2, 3, 4]], [[33]]])("%j: the gradient is 0 below 0", async (shape) => {
  await expectGradient(
    [numbers(shape, 3, -1, 2)],
    (x) => relu(x!),
    (x) => oracle(x!),
    { elements: 40 },
  );
});

test("at 0 and −0 the gradient is 0, as PyTorch has it, and right above it is whole", async () => {
  const x = float32([5], Float32Array.of(0, -0, 2 ** -126, -(2 ** -126), 3.4e38));
  const cotangent = float32([5], Float32Array.of(2, 3, 4, 5, 6));
  const [gradient] = await gradientsOf([x], (value) => relu(value!), { cotangent });
  expect([...gradient!]).toEqual([0, 0, 4, 0, 6]);
});
