import { expect, test } from "vitest";
import { GraphBuilder } from "../../../src/graph/core/builder.ts";
import { matmul } from "../../../src/graph/ops/matmul.ts";
import { matmul as oracle } from "../../oracle/matmul.ts";
import { expectGradient } from "../../support/gradients.ts";
import { expectGraph, expectRefusal, numbers } from "../../support/run-graph.ts";

test.each([
  [
    [2, 3],
    [3, 4],
  ],
  [
    [5, 2, 3],
    [5, 3, 4],
  ],
  [
    [1, 2, 3],
    [5, 3, 4],
  ],
  [
    [5, 2, 3],
    [3, 4],
  ],
  [
    [2, 3],
    [5, 3, 4],
  ],
  [
    [2, 1, 3, 4],
    [3, 4, 2],
  ],
  [
    [1, 14, 64],
    [2, 64, 9],
  ],
])("%j · %j, and the gradients of both", async (a, b) => {
  await expectGraph(
    [numbers(a, 1), numbers(b, 2)],
    (x, y) => matmul(x!, y!),
    (x, y) => oracle(x!, y!),
  );
  await expectGradient(
    [numbers(a, 1), numbers(b, 2)],
    (x, y) => matmul(x!, y!),
    (x, y) => oracle(x!, y!),
  );
});

test("a named batch broadcasts with 1", () => {
  const graph = new GraphBuilder("named");
  const [a, b] = [graph.input("a", [1, 14, 64]), graph.input("b", ["N", 64, 49])];
  expect(matmul(a, b).shape).toEqual(["N", 14, 49]);
});

test.each([
  ["other inner extents", [2, 3], [2, 3]],
  ["a vector", [3], [3, 2]],
  ["batches that do not broadcast", [2, 3, 4], [3, 4, 5]],
  ["an inner extent by two names", [2, "K"], ["L", 2]],
])("%s is refused", (_, a, b) => {
  expectRefusal("MatMul", [a, b], (x, y) => matmul(x!, y!));
});
