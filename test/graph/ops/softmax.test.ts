import { expect, test } from "vitest";
import { softmax } from "../../../src/graph/ops/softmax.ts";
import { float32 } from "../../../src/tensor.ts";
import { softmax as oracle } from "../../oracle/elementwise.ts";
import { expectGradient } from "../../support/gradients.ts";
import { expectGraph, numbers, runGraph } from "../../support/run-graph.ts";

test.each([[[2, 14]], [[1, 1]], [[37]], [[2, 3, 5]]])(
  "%j is e^x over its sum along the last axis",
  async (shape) => {
    await expectGraph(
      [numbers(shape, 3, -12, 12)],
      (x) => softmax(x!),
      (x) => oracle(x!),
    );
  },
);

test("far out it is 0 and 1, and each row adds up to 1", async () => {
  const x = float32([2, 3], Float32Array.of(-1000, 0, 1000, 5, 5, 5));
  const { data } = await runGraph([x], (value) => softmax(value!));
  expect([...data.subarray(0, 3)]).toEqual([0, 0, 1]);
  for (const share of data.subarray(3)) expect(share).toBeCloseTo(1 / 3, 6);
});

test.each([[[2, 14]], [[37]], [[2, 3, 5]]])("%j: the gradient is y · (g − Σ g · y)", async (shape) => {
  await expectGradient(
    [numbers(shape, 3, -3, 3)],
    (x) => softmax(x!),
    (x) => oracle(x!),
    { elements: 40 },
  );
});
