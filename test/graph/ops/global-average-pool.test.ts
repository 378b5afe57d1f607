import { test } from "vitest";
import { globalAveragePool } from "../../../src/graph/ops/global-average-pool.ts";
import { globalAveragePool as oracle } from "../../oracle/pool.ts";
import { expectGradient } from "../../support/gradients.ts";
import { expectGraph, expectRefusal, numbers } from "../../support/run-graph.ts";

test.each([[[2, 3, 7, 7]], [[1, 5, 3, 8]], [[4, 1, 1, 1]]])(
  "%j becomes one mean per channel, whose gradient is shared out",
  async (shape) => {
    await expectGraph(
      [numbers(shape, 4)],
      (x) => globalAveragePool(x!),
      (x) => oracle(x!),
      { batch: true },
    );
    await expectGradient(
      [numbers(shape, 4)],
      (x) => globalAveragePool(x!),
      (x) => oracle(x!),
      { batch: true },
    );
  },
);

test.each([
  ["three axes", [3, 7, 7]],
  ["an unknown number of channels", ["N", "C", 7, 7]],
])("%s is refused", (_, shape) => {
  expectRefusal("GlobalAveragePool", [shape], (x) => globalAveragePool(x!));
});
