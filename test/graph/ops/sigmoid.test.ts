import { expect, test } from "vitest";
import { sigmoid } from "../../../src/graph/ops/sigmoid.ts";
import { float32 } from "../../../src/tensor.ts";
import { sigmoid as oracle } from "../../oracle/elementwise.ts";
import { maxMagnitude } from "../../support/difference.ts";
import { expectGradient, gradientsOf } from "../../support/gradients.ts";
import { expectGraph, numbers, runGraph } from "../../support/run-graph.ts";

test.each([[[2, 14]], [[1]], [[]], [[37]]])("%j is 1 / (1 + e^−x)", async (shape) => {
  await expectGraph(
    [numbers(shape, 3, -12, 12)],
    (x) => sigmoid(x!),
    (x) => oracle(x!),
  );
});

test("far out it is 0 and 1 and never beyond", async () => {
  const x = float32([5], Float32Array.of(-1000, -100, 0, 100, 1000));
  const { data } = await runGraph([x], (value) => sigmoid(value!));
  expect(data[2]).toBe(0.5);
  expect(Math.max(data[0]!, data[1]!)).toBeLessThan(1e-6);
  expect(Math.min(data[3]!, data[4]!)).toBeGreaterThan(1 - 1e-6);
  for (const p of data) expect(p >= 0 && p <= 1).toBe(true);
});

test.each([[[2, 14]], [[1]], [[]], [[37]]])("%j: the gradient is g · y · (1 − y)", async (shape) => {
  await expectGradient(
    [numbers(shape, 3, -6, 6)],
    (x) => sigmoid(x!),
    (x) => oracle(x!),
    { elements: 40 },
  );
});

test("far out the gradient is 0", async () => {
  const x = float32([4], Float32Array.of(-1000, -100, 100, 1000));
  const [gradient] = await gradientsOf([x], (value) => sigmoid(value!));
  expect(maxMagnitude(gradient!)).toBeLessThan(1e-6);
});
