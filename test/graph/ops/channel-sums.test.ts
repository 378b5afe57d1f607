import { expect, test } from "vitest";
import { GraphBuilder } from "../../../src/graph/core/builder.ts";
import { channelSums } from "../../../src/graph/ops/channel-sums.ts";
import type { Array64 } from "../../oracle/array.ts";
import { reduceSum } from "../../oracle/reduce.ts";
import { expectGradient } from "../../support/gradients.ts";
import { expectGraph, expectRefusal, numbers } from "../../support/run-graph.ts";

/** [C] of the oracle's [1, C, 1, 1]. */
const sums = (x: Array64 | undefined): Array64 => {
  const { data } = reduceSum(x!, [0, 2, 3]);
  return { shape: [data.length], data };
};

test.each([[[3, 4, 5, 2]], [[1, 1, 1, 1]], [[2, 5, 1, 7]]])(
  "%j: the sum over batch and positions, and its gradient",
  async (shape) => {
    const tensors = [numbers(shape, 1)];
    await expectGraph(tensors, (x) => channelSums(x!), sums, { batch: true });
    await expectGradient(tensors, (x) => channelSums(x!), sums);
  },
);

test("a batch that is known at run time is summed over", () => {
  const x = new GraphBuilder("named").input("x", ["N", 3, 4, 4]);
  expect(channelSums(x).shape).toEqual([3]);
});

test.each([
  ["three axes", [2, 3, 4]],
  ["two axes", [2, 3]],
])("%s are refused", (_, shape) => {
  expectRefusal("ChannelSums", [shape], (x) => channelSums(x!));
});
