import { expect, test } from "vitest";
import { heaviside } from "../../../src/graph/ops/heaviside.ts";
import { float32 } from "../../../src/tensor.ts";
import { map } from "../../oracle/elementwise.ts";
import { expectGraph, numbers, runGraph } from "../../support/run-graph.ts";

test.each([[[2, 3, 4]], [[1]], [[]], [[1000]]])("%j: 1 above 0, else 0", async (shape) => {
  await expectGraph(
    [numbers(shape, 3)],
    (x) => heaviside(x!),
    (x) => map(x!, (value) => (value > 0 ? 1 : 0)),
    { tolerance: 0, batch: shape.length > 1 },
  );
});

test("0, −0 and all below are 0; every normal number above, infinity too, is 1", async () => {
  const smallest = 2 ** -126;
  const values = [0, -0, -smallest, -3.4e38, Number.NEGATIVE_INFINITY];
  const above = [smallest, 1e-30, 1, 3.4e38, Number.POSITIVE_INFINITY];
  const x = float32([10], Float32Array.from([...values, ...above]));
  const { data } = await runGraph([x], (value) => heaviside(value!));
  expect([...data].map(Math.abs)).toEqual([0, 0, 0, 0, 0, 1, 1, 1, 1, 1]);
});
