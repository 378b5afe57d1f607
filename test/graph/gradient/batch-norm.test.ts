import { expect, test } from "vitest";
import { GraphBuilder } from "../../../src/graph/core/builder.ts";
import type { Value } from "../../../src/graph/core/graph.ts";
import { backward } from "../../../src/graph/gradient/backward.ts";
import { batchStatistics, normalise } from "../../../src/graph/gradient/batch-norm.ts";
import { add } from "../../../src/graph/ops/add.ts";
import { concat } from "../../../src/graph/ops/concat.ts";
import { conv } from "../../../src/graph/ops/conv.ts";
import { mul } from "../../../src/graph/ops/mul.ts";
import { float32, type Tensor } from "../../../src/tensor.ts";
import type { Array64 } from "../../oracle/array.ts";
import { batchNormOfBatch, batchStatistics as statisticsOracle } from "../../oracle/batch-normalization.ts";
import { concat as concatOracle } from "../../oracle/concat.ts";
import { conv as convOracle } from "../../oracle/conv.ts";
import { broadcast } from "../../oracle/elementwise.ts";
import { maxDifference, maxMagnitude } from "../../support/difference.ts";
import { expectGradient, gradientsOf } from "../../support/gradients.ts";
import { exact, expectGraph, numbers, runGraph } from "../../support/run-graph.ts";

/** Mean and variance, one behind the other. */
const both = (x: Value) => {
  const { mean, variance } = batchStatistics(x);
  return concat([mean, variance], 0);
};

const bothOracle = (x: Array64) => {
  const { mean, variance } = statisticsOracle(x);
  return concatOracle([mean, variance], 0);
};

test.each([[[2, 3, 4, 5]], [[1, 2, 3, 3]], [[4, 1, 1, 1]], [[3, 2, 1, 7]]])(
  "%j: mean and variance of each channel, and their gradients",
  async (shape) => {
    const tensors = [numbers(shape, 1)];
    await expectGraph(
      tensors,
      (x) => both(x!),
      (x) => bothOracle(x!),
    );
    await expectGradient(
      tensors,
      (x) => both(x!),
      (x) => bothOracle(x!),
    );
  },
);

const JOINED = [numbers([2, 3, 4, 5], 1), numbers([2, 1, 4, 5], 2, 3, 9), numbers([2, 2, 4, 5], 3, -9, 1)];

test.each<[string, (a: Value, b: Value, c: Value) => Value]>([
  ["side by side", (a, b, c) => concat([a, b, c], 1)],
  ["joined features joined again", (a, b, c) => concat([concat([a, b], 1), c], 1)],
  ["nested at the end", (a, b, c) => concat([a, concat([b, c], 1)], 1)],
])("joined images have the statistics of their parts: %s", async (_, join) => {
  await expectGraph(
    JOINED,
    (a, b, c) => both(join(a!, b!, c!)),
    (...images) => bothOracle(concatOracle(images, 1)),
  );
  await expectGradient(
    JOINED,
    (a, b, c) => both(join(a!, b!, c!)),
    (...images) => bothOracle(concatOracle(images, 1)),
  );
});

test.each([0, 2, 3])("images joined along axis %i are measured as one", async (axis) => {
  const images = [numbers([2, 3, 4, 5], 1), numbers([2, 3, 4, 5], 2, 3, 9)];
  await expectGraph(
    images,
    (a, b) => both(concat([a!, b!], axis)),
    (...arrays) => bothOracle(concatOracle(arrays, axis)),
    // Offsets of 6 cost a digit of the variance.
    { tolerance: 3e-6 },
  );
});

/** Nodes of a graph that read an image and sum over it. */
const reductions = (graph: GraphBuilder) =>
  graph.build().nodes.filter(({ op, inputs }) => op.type === "ChannelSums" && inputs[0]!.shape.length === 4)
    .length;

test("an image is measured once, however many norms see it", () => {
  const graph = new GraphBuilder("once");
  const [a, b] = [graph.input("a", [2, 3, 4, 5]), graph.input("b", [2, 2, 4, 5])];
  const first = batchStatistics(a);
  expect(reductions(graph)).toBe(2);
  expect(batchStatistics(a)).toBe(first);
  batchStatistics(b);
  const measured = reductions(graph);
  expect(measured).toBe(4);
  const ab = concat([a, b], 1);
  batchStatistics(ab);
  batchStatistics(concat([ab, a], 1));
  batchStatistics(concat([b, ab], 1));
  expect(reductions(graph)).toBe(measured);
});

test("all norms' gradients of a feature's statistics reach it in one pass", () => {
  /** Passes that write [2, 3, 4, 5] of the first image's statistics: its ScaleShifts. */
  const passes = (norms: number) => {
    const graph = new GraphBuilder("passes");
    const [a, b] = [graph.input("a", [2, 3, 4, 5]), graph.input("b", [2, 2, 4, 5])];
    const seeds = new Map<Value, Value>();
    for (let i = 0; i < norms; i++) {
      const parameters = { weight: graph.input(`w${i}`, [5]), bias: graph.input(`b${i}`, [5]) };
      const x = concat([a, b], 1);
      const y = normalise(x, parameters, batchStatistics(x));
      seeds.set(y, graph.input(`seed${i}`, y.shape));
    }
    const before = graph.build().nodes.length;
    backward(seeds, [a]);
    const added = graph.build().nodes.slice(before);
    return added.filter(
      ({ op, outputs }) => op.type === "ScaleShift" && outputs[0]!.shape.join() === "2,3,4,5",
    ).length;
  };
  expect(passes(1)).toBe(1);
  expect(passes(5)).toBe(1);
});

const parametersOf = (channels: number, seed: number) => [
  numbers([channels], seed),
  numbers([channels], seed + 1),
];

const norm = (x: Value, weight: Value, bias: Value, epsilon?: number) =>
  normalise(x, { weight, bias }, batchStatistics(x), epsilon);

test.each([[[2, 3, 4, 5]], [[5, 2, 1, 1]], [[1, 2, 3, 3]]])(
  "%j normalised with its own statistics: output and all gradients",
  async (shape) => {
    const tensors = [numbers(shape, 1), ...parametersOf(shape[1]!, 2)];
    for (const epsilon of [1e-5, 0.25]) {
      const build = (...[x, w, b]: Value[]) => norm(x!, w!, b!, epsilon);
      const oracle = (...[x, w, b]: Array64[]) => batchNormOfBatch(x!, w!, b!, Math.fround(epsilon));
      await expectGraph(tensors, build, oracle, { tolerance: 3e-6 });
      await expectGradient(tensors, build, oracle, { elements: 60 });
    }
  },
);

test("epsilon is PyTorch's unless given", async () => {
  const tensors = [numbers([2, 1, 2, 2], 1, 0, 0.01), ...parametersOf(1, 2)];
  await expectGraph(
    tensors,
    (x, w, b) => norm(x!, w!, b!),
    (x, w, b) => batchNormOfBatch(x!, w!, b!, 1e-5),
    { tolerance: 1e-5 },
  );
});

test("the statistics may come from elsewhere, and then have gradients of their own", async () => {
  const tensors = [numbers([2, 3, 2, 4], 1), ...parametersOf(3, 2), numbers([3], 4), numbers([3], 5, 0.2, 2)];
  await expectGradient(
    tensors,
    (x, weight, bias, mean, variance) =>
      normalise(x!, { weight: weight!, bias: bias! }, { mean: mean!, variance: variance! }),
    (x, weight, bias, mean, variance) => {
      const perChannel = (array: Array64) => ({ ...array, shape: [3, 1, 1] });
      const centred = broadcast(x!, perChannel(mean!), (a, b) => a - b);
      const scaled = broadcast(centred, perChannel(variance!), (a, b) => a / Math.sqrt(b + 1e-5));
      const weighed = broadcast(scaled, perChannel(weight!), (a, b) => a * b);
      return broadcast(weighed, perChannel(bias!), (a, b) => a + b);
    },
  );
});

test("two norms over features that they share, as in a dense block", async () => {
  const [a, b, c] = [numbers([2, 3, 3, 4], 1), numbers([2, 2, 3, 4], 2), numbers([2, 1, 3, 4], 3)];
  const tensors = [a, b, c, ...parametersOf(5, 4), ...parametersOf(6, 6)];
  const sum = (x: Array64, y: Array64) => broadcast(x, y, (left, right) => left + right);
  const [three, twice] = [numbers([1, 5, 1, 1], 8), numbers([1, 6, 1, 1], 9)];
  await expectGradient(
    tensors,
    (x, y, z, w1, b1, w2, b2) => {
      const first = concat([x!, y!], 1);
      const second = concat([first, z!], 1);
      const [u, v] = [x!.graph.constant(three), x!.graph.constant(twice)];
      // One number per position of each, weighed per channel: 1×1 convolutions to one channel.
      return add(conv(norm(first, w1!, b1!), u), conv(norm(second, w2!, b2!), v));
    },
    (x, y, z, w1, b1, w2, b2) => {
      const first = concatOracle([x!, y!], 1);
      const second = concatOracle([first, z!], 1);
      return sum(
        convOracle(batchNormOfBatch(first, w1!, b1!), exact(three), 1, 0),
        convOracle(batchNormOfBatch(second, w2!, b2!), exact(twice), 1, 0),
      );
    },
    { elements: 36 },
  );
});

test("a value that is normalised and used beside it has both gradients", async () => {
  const tensors = [numbers([2, 3, 3, 4], 1), ...parametersOf(3, 2)];
  await expectGradient(
    tensors,
    (x, w, b) => mul(norm(x!, w!, b!), x!),
    (x, w, b) => broadcast(batchNormOfBatch(x!, w!, b!), x!, (left, right) => left * right),
  );
});

test("a channel that is constant becomes the bias, and its gradients are those of the limit", async () => {
  const x = numbers([2, 2, 3, 3], 1);
  for (const [i] of x.data.entries()) if (Math.floor(i / 9) % 2 === 1) x.data[i] = 0.75;
  const tensors = [x, ...parametersOf(2, 2)];
  const { data } = await runGraph(tensors, (image, w, b) => norm(image!, w!, b!));
  const bias = tensors[2]!.data[1]!;
  // x · a and mean · a cancel, of which a is 1 / √epsilon: what is left of that is rounding.
  const rounding = (0.75 / Math.sqrt(1e-5)) * 2 ** -23;
  expect(maxDifference(data.slice(9, 18), new Float32Array(9).fill(bias))).toBeLessThan(rounding);
  const gradients = await gradientsOf(tensors, (image, w, b) => norm(image!, w!, b!));
  for (const gradient of gradients) expect(gradient.every(Number.isFinite)).toBe(true);
  expect(Math.abs(gradients[1]![1]!)).toBeLessThan(1e-4);
  // Differences cannot follow here: (g − mean g) / √epsilon is the limit.
  const [imageGradient] = gradients;
  const r = numbers([2, 2, 3, 3], 99).data;
  const places = [...r.keys()].filter((i) => Math.floor(i / 9) % 2 === 1);
  const mean = places.reduce((total, i) => total + r[i]!, 0) / places.length;
  const expected = places.map((i) => (tensors[1]!.data[1]! * (r[i]! - mean)) / Math.sqrt(1e-5));
  const actual = places.map((i) => imageGradient![i]!);
  expect(maxDifference(actual, expected)).toBeLessThan(2e-5 * maxMagnitude(expected));
});

/** Numbers around `mean`, a hundred times their deviation. */
const farOut = (shape: readonly number[], mean: number): Tensor<"float32"> => {
  const { data } = numbers(shape, 1, -Math.sqrt(3), Math.sqrt(3));
  return float32(
    shape,
    data.map((value) => mean + (value * mean) / 100),
  );
};

test.each([100, -100, 1e4])(
  "a mean of %d, a hundred deviations, costs three digits at most",
  async (mean) => {
    const tensors = [farOut([4, 2, 6, 5], mean), ...parametersOf(2, 2)];
    const build = (...[x, w, b]: Value[]) => norm(x!, w!, b!);
    const oracle = (...[x, w, b]: Array64[]) => batchNormOfBatch(x!, w!, b!);
    await expectGraph(tensors, build, oracle, { tolerance: 1e-3 });
    await expectGradient(tensors, build, oracle, { tolerance: 1e-3, elements: 40 });
  },
);

test("without a known batch there are no statistics", () => {
  const graph = new GraphBuilder("named");
  expect(() => batchStatistics(graph.input("x", ["N", 3, 4, 4]))).toThrow(
    expect.objectContaining({ code: "graph/shape-mismatch" }),
  );
});
