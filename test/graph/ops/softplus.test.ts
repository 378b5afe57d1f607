import { expect, test } from "vitest";
import { softplus } from "../../../src/graph/ops/softplus.ts";
import { float32 } from "../../../src/tensor.ts";
import { softplus as oracle } from "../../oracle/elementwise.ts";
import { expectGradient, gradientsOf } from "../../support/gradients.ts";
import { expectGraph, numbers, runGraph } from "../../support/run-graph.ts";

test.each([[[2, 14]], [[1]], [[]], [[37]]])("%j: ln(1 + eˣ), with σ as its slope", async (shape) => {
  const tensors = [numbers(shape, 3, -8, 8)];
  await expectGraph(
    tensors,
    (x) => softplus(x!),
    (x) => oracle(x!),
  );
  await expectGradient(
    tensors,
    (x) => softplus(x!),
    (x) => oracle(x!),
  );
});

test("far out it is x and 0, with slopes 1 and 0, and nothing overflows", async () => {
  const x = float32([6], Float32Array.of(-1000, -100, -50, 50, 100, 1000));
  const { data } = await runGraph([x], (value) => softplus(value!));
  const cotangent = float32([6], new Float32Array(6).fill(1));
  const [slopes] = await gradientsOf([x], (value) => softplus(value!), { cotangent });
  for (const [i, value] of [0, 0, 0, 50, 100, 1000].entries()) expect(data[i]).toBeCloseTo(value, 6);
  for (const [i, slope] of [0, 0, 0, 1, 1, 1].entries()) expect(slopes![i]).toBeCloseTo(slope, 6);
});
