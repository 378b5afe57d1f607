import { expect, test } from "vitest";
import { GraphBuilder } from "../../../src/graph/core/builder.ts";
import type { Value } from "../../../src/graph/core/graph.ts";
import { backward } from "../../../src/graph/gradient/backward.ts";
import { batchNormalization } from "../../../src/graph/ops/batch-normalization.ts";
import { batchNormalization as oracle } from "../../oracle/batch-normalization.ts";
import { expectGradient } from "../../support/gradients.ts";
import { expectGraph, expectRefusal, numbers, runGraph } from "../../support/run-graph.ts";

const tensors = (shape: readonly number[]) => {
  const c = [shape[1]!];
  return [numbers(shape, 1), numbers(c, 2), numbers(c, 3), numbers(c, 4), numbers(c, 5, 0.01, 2)];
};

const build =
  (epsilon?: number) =>
  (...[x, weight, bias, running_mean, running_var]: Value[]): Value =>
    batchNormalization(
      x!,
      { weight: weight!, bias: bias!, running_mean: running_mean!, running_var: running_var! },
      epsilon,
    );

test.each([[[2, 3, 4, 5]], [[1, 1, 1, 1]], [[3, 7, 1, 2]]])("%j is normalised per channel", async (shape) => {
  await expectGraph(tensors(shape), build(), (x, w, b, m, v) => oracle(x!, w!, b!, m!, v!, 1e-5), {
    batch: true,
  });
});

test("epsilon counts where the variance is 0, and is 1e-5 unless given", async () => {
  const [x, w, b, m] = tensors([1, 2, 3, 3]);
  const all = [x!, w!, b!, m!, numbers([2], 0, 0, 0)];
  await expectGraph(all, build(), (...[x64, w64, b64, m64, v64]) =>
    oracle(x64!, w64!, b64!, m64!, v64!, 1e-5),
  );
  await expectGraph(all, build(0.5), (...[x64, w64, b64, m64, v64]) =>
    oracle(x64!, w64!, b64!, m64!, v64!, 0.5),
  );
});

test("the running variance is used as it is, not the batch's", async () => {
  const shifted = numbers([4, 1, 2, 2], 1, 100, 101);
  const one = numbers([1], 0, 1, 1);
  const zero = numbers([1], 0, 0, 0);
  const { data } = await runGraph([shifted, one, zero, zero, one], build());
  expect(Math.min(...data)).toBeGreaterThan(99);
});

test.each([
  ["another number of channels", [[1, 3, 2, 2], [3], [3], [2], [3]]],
  ["a bias of two axes", [[1, 3, 2, 2], [3], [3, 1], [3], [3]]],
  ["an image of three axes", [[3, 2, 2], [3], [3], [3], [3]]],
])("%s is refused", (_, shapes) => {
  expectRefusal("BatchNormalization", shapes, build());
});

test.each([[[2, 3, 4, 5]], [[1, 1, 1, 1]], [[3, 7, 1, 2]]])(
  "%j: the gradients of image, weight and bias",
  async (shape) => {
    for (const batch of [false, true]) {
      await expectGradient(
        tensors(shape),
        build(0.01),
        (x, w, b, m, v) => oracle(x!, w!, b!, m!, v!, Math.fround(0.01)),
        { wanted: [0, 1, 2], batch },
      );
    }
  },
);

test.each([3, 4])("running statistics are measured, not trained: input %i has no gradient", (input) => {
  const graph = new GraphBuilder("running");
  const inputs = tensors([2, 3, 4, 5]).map(({ shape }, i) => graph.input(`in${i}`, shape));
  const y = build()(...inputs);
  const seeds = new Map([[y, graph.input("seed", y.shape)]]);
  expect(() => backward(seeds, [inputs[input]!])).toThrow(
    expect.objectContaining({ code: "graph/no-gradient", details: { name: `in${input}` } }),
  );
});
