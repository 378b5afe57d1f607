import { test } from "vitest";
import { linear } from "../../../src/graph/ops/gemm.ts";
import { gemm as oracle } from "../../oracle/matmul.ts";
import { expectGradient } from "../../support/gradients.ts";
import { expectGraph, expectRefusal, numbers } from "../../support/run-graph.ts";

test.each([
  [1, 1, 1],
  [2, 5, 3],
  [3, 64, 14],
  [4, 3, 1],
])("%i rows of %i features become %i outputs, as nn.Linear's, with all gradients", async (n, k, m) => {
  await expectGraph(
    [numbers([n, k], 1), numbers([m, k], 2), numbers([m], 3)],
    (x, weight, bias) => linear(x!, weight!, bias!),
    (x, weight, bias) => oracle(x!, weight!, bias!),
    { batch: true },
  );
  await expectGradient(
    [numbers([n, k], 1), numbers([m, k], 2), numbers([m], 3)],
    (x, weight, bias) => linear(x!, weight!, bias!),
    (x, weight, bias) => oracle(x!, weight!, bias!),
    { batch: true },
  );
});

test.each([
  ["a weight that is not transposed", [[2, 5], [5, 3], [3]]],
  ["a bias of another length", [[2, 5], [3, 5], [2]]],
  [
    "a bias of two axes",
    [
      [2, 5],
      [3, 5],
      [3, 1],
    ],
  ],
  ["an input of four axes", [[2, 5, 1, 1], [3, 5], [3]]],
])("%s is refused", (_, shapes) => {
  expectRefusal("Gemm", shapes, (x, weight, bias) => linear(x!, weight!, bias!));
});
