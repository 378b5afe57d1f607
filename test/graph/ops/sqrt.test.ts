import { expect, test } from "vitest";
import { sqrt } from "../../../src/graph/ops/sqrt.ts";
import { float32 } from "../../../src/tensor.ts";
import { map } from "../../oracle/elementwise.ts";
import { expectGradient } from "../../support/gradients.ts";
import { expectGraph, numbers, runGraph } from "../../support/run-graph.ts";

test.each([[[2, 3, 4]], [[1]], [[]], [[37]]])("%j: roots and g / 2√x", async (shape) => {
  const tensors = [numbers(shape, 3, 0.1, 50)];
  await expectGraph(
    tensors,
    (x) => sqrt(x!),
    (x) => map(x!, Math.sqrt),
    { batch: shape.length > 1 },
  );
  await expectGradient(
    tensors,
    (x) => sqrt(x!),
    (x) => map(x!, Math.sqrt),
  );
});

test("the root of 0 is 0, and a negative number has none", async () => {
  const { data } = await runGraph([float32([2], Float32Array.of(0, -1))], (x) => sqrt(x!));
  expect([...data]).toEqual([0, Number.NaN]);
});
