import { expect, test } from "vitest";
import type { Value } from "../../../src/graph/core/graph.ts";
import { binaryCrossEntropy } from "../../../src/graph/gradient/loss.ts";
import { float32, type Tensor } from "../../../src/tensor.ts";
import { fixtureJson } from "../../fixtures.ts";
import type { Array64 } from "../../oracle/array.ts";
import { binaryCrossEntropy as oracle } from "../../oracle/training.ts";
import { maxDifference, maxMagnitude } from "../../support/difference.ts";
import { expectGradient, gradientsOf } from "../../support/gradients.ts";
import { expectGraph, numbers, runGraph } from "../../support/run-graph.ts";

type Float32Tensor = Tensor<"float32">;

const loss = (...[z, t, known, p]: Value[]) => binaryCrossEntropy(z!, t!, known!, p);
const exactLoss = (...[z, t, known, p]: Array64[]) => oracle(z!, t!, known!, p);
const SEED = { wanted: [0], cotangent: float32([1, 1], Float32Array.of(1)) };

/** 1 where numbers are in (low, high), else 0. */
const between = ({ shape, data }: Float32Tensor, low: number, high: number) =>
  float32(
    shape,
    data.map((value) => (value > low && value < high ? 1 : 0)),
  );

/** The tensors of scripts/reference/gradients.py. */
function batch(n: number, labels: number, span: number, weighed: boolean): Float32Tensor[] {
  const shape = [n, labels];
  const tensors = [
    numbers(shape, 1, -span, span),
    between(numbers(shape, 2), 0, 2),
    between(numbers(shape, 3), -3, 1),
  ];
  return weighed ? [...tensors, numbers([labels], 4, 0.5, 6)] : tensors;
}

test.each([
  [4, 3, 2, false],
  [4, 3, 2, true],
  [7, 14, 8, true],
  [1, 1, 2, false],
] as const)("%i×%i logits within ±%i, positives weighed: %s", async (n, labels, span, weighed) => {
  const tensors = batch(n, labels, span, weighed);
  await expectGraph(tensors, loss, exactLoss);
  await expectGradient(tensors, loss, exactLoss, { ...SEED, elements: 100 });
});

interface LossRow {
  readonly n: number;
  readonly labels: number;
  readonly span: number;
  readonly weighed: boolean;
  readonly known: number;
  readonly loss: number;
  readonly gradient: readonly number[];
}

test.each(fixtureJson<LossRow[]>("gradients/loss.json"))(
  "PyTorch's loss and gradient of $n×$labels logits within ±$span, positives weighed: $weighed",
  async (row) => {
    const tensors = batch(row.n, row.labels, row.span, row.weighed);
    expect(tensors[2]!.data.reduce((a, b) => a + b)).toBe(row.known);
    const { data } = await runGraph(tensors, loss);
    expect(Math.abs(data[0]! / row.loss - 1)).toBeLessThan(1e-6);
    const [gradient] = await gradientsOf(tensors, loss, SEED);
    expect(maxDifference(gradient!, row.gradient)).toBeLessThan(1e-6 * maxMagnitude(row.gradient));
  },
);

test("logits of ±100 cost 100 where they are wrong and nothing where they are right", async () => {
  const logits = float32([1, 4], Float32Array.of(100, -100, 100, -100));
  const targets = float32([1, 4], Float32Array.of(1, 0, 0, 1));
  const ofOne = async (i: number) => {
    const known = float32(
      [1, 4],
      Float32Array.from({ length: 4 }, (_, at) => (at === i ? 1 : 0)),
    );
    const tensors = [logits, targets, known];
    const [gradient] = await gradientsOf(tensors, loss, SEED);
    return [(await runGraph(tensors, loss)).data[0], gradient![i]];
  };
  const expected = [
    [0, 0],
    [0, 0],
    [100, 1],
    [100, -1],
  ];
  for (const [i, [cost, slope]] of expected.entries()) {
    const [actualCost, actualSlope] = await ofOne(i);
    expect(actualCost).toBeCloseTo(cost!, 4);
    expect(actualSlope).toBeCloseTo(slope!, 6);
  }
});

test("what stands in a target that is not known changes nothing, and its logit has no gradient", async () => {
  const [logits, targets, known] = batch(4, 3, 2, false) as [Float32Tensor, Float32Tensor, Float32Tensor];
  const others = float32(
    targets.shape,
    targets.data.map((t, i) => (known.data[i] === 1 ? t : -1)),
  );
  expect([...others.data]).not.toEqual([...targets.data]);
  const before = await runGraph([logits, targets, known], loss);
  const after = await runGraph([logits, others, known], loss);
  expect(after.data).toEqual(before.data);
  const [gradient] = await gradientsOf([logits, others, known], loss, SEED);
  expect([...gradient!].map((g) => g !== 0)).toEqual([...known.data].map((k) => k === 1));
});

test("a weight of 1 for positives is none", async () => {
  const tensors = batch(4, 3, 2, false);
  const weighed = [...tensors, float32([3], Float32Array.of(1, 1, 1))];
  expect((await runGraph(weighed, loss)).data[0]).toBeCloseTo((await runGraph(tensors, loss)).data[0]!, 6);
});
