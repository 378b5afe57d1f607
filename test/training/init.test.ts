import { beforeAll, expect, test } from "vitest";
import type { DenseNetWeights } from "../../src/models/match.ts";
import { expectedShapes } from "../../src/models/match.ts";
import { bytesOf, type Tensor } from "../../src/tensor.ts";
import { randomWeights, withClassifier } from "../../src/training/init.ts";

let weights: DenseNetWeights;
beforeAll(() => {
  weights = randomWeights(7, 14);
});

const dataOf = (name: string, of = weights): Float32Array => of.tensors.get(name)!.data as Float32Array;
const mean = (data: Float32Array): number => data.reduce((sum, x) => sum + x, 0) / data.length;
const deviation = (data: Float32Array): number =>
  Math.sqrt(data.reduce((sum, x) => sum + x * x, 0) / data.length - mean(data) ** 2);

test("random weights have every name and shape of the architecture, and finite numbers", () => {
  const shapes = new Map([...weights.tensors].map(([name, { shape }]) => [name, shape]));
  expect(shapes).toEqual(expectedShapes(3, 14));
  expect(
    [...weights.tensors.values()].every(({ data }) => data.every((x) => Number.isFinite(Number(x)))),
  ).toBe(true);
});

test("the classifier is uniform within 1/√fan in, weight and bias, as nn.Linear starts", () => {
  const bound = 1 / Math.sqrt(1024);
  const weight = dataOf("classifier.weight");
  expect(Math.max(...weight.map(Math.abs))).toBeLessThanOrEqual(bound);
  // Of 14,336 draws: a uniform one's extremes come near the bounds, and its deviation is bound/√3.
  expect(Math.min(...weight)).toBeLessThan(-0.999 * bound);
  expect(Math.max(...weight)).toBeGreaterThan(0.999 * bound);
  expect(deviation(weight) / (bound / Math.sqrt(3))).toBeCloseTo(1, 1);
  expect(Math.abs(mean(weight))).toBeLessThan(0.03 * bound);
  const bias = dataOf("classifier.bias");
  expect(Math.max(...bias.map(Math.abs))).toBeLessThanOrEqual(bound);
  expect(new Set(bias).size).toBe(14);
});

test.each([
  ["features.conv0.weight", 3 * 7 * 7],
  ["features.denseblock3.denselayer10.conv2.weight", 128 * 3 * 3],
  ["features.transition2.conv.weight", 512],
])("%s is normal with deviation √(2/fan in), as kaiming_normal_ has it", (name, fanIn) => {
  const data = dataOf(name);
  const expected = Math.sqrt(2 / fanIn);
  expect(Math.abs(deviation(data) / expected - 1)).toBeLessThan(0.03);
  expect(Math.abs(mean(data)) / expected).toBeLessThan(0.03);
  // A normal one has 0.27 % beyond three deviations, a uniform one none.
  const far = data.filter((x) => Math.abs(x) > 3 * expected).length / data.length;
  expect(far).toBeGreaterThan(0.001);
  expect(far).toBeLessThan(0.005);
});

test("norms start at weight 1, bias 0, mean 0, variance 1 and no batches seen", () => {
  const norm = "features.denseblock4.denselayer16.norm2";
  expect(new Set(dataOf(`${norm}.weight`))).toEqual(new Set([1]));
  expect(new Set(dataOf(`${norm}.running_var`))).toEqual(new Set([1]));
  expect(new Set(dataOf(`${norm}.bias`))).toEqual(new Set([0]));
  expect(new Set(dataOf(`${norm}.running_mean`))).toEqual(new Set([0]));
  expect(weights.tensors.get(`${norm}.num_batches_tracked`)).toEqual({
    dtype: "int64",
    shape: [],
    data: BigInt64Array.of(0n),
  });
});

test("a seed gives the same weights each time, and no two layers alike", () => {
  const again = randomWeights(7, 14);
  const bytes = ({ data }: Tensor) => Buffer.from(bytesOf(data));
  for (const [name, tensor] of weights.tensors)
    expect(bytes(again.tensors.get(name)!).equals(bytes(tensor))).toBe(true);
  const layers = [1, 2].map((layer) => dataOf(`features.denseblock1.denselayer${layer}.conv2.weight`));
  expect(layers[0]).not.toEqual(layers[1]);
});

test("a backbone whose classifier fits is kept as it is", () => {
  const { weights: kept, isNew } = withClassifier(weights, 14, 1);
  expect(isNew).toBe(false);
  expect(kept).toBe(weights);
});

test("another number of labels gets a new classifier of the seed; all else is the backbone's", () => {
  const { weights: changed, isNew } = withClassifier(weights, 2, 3);
  expect(isNew).toBe(true);
  expect(changed.numLabels).toBe(2);
  expect(changed.tensors.get("classifier.weight")!.shape).toEqual([2, 1024]);
  expect(changed.tensors.get("classifier.bias")!.shape).toEqual([2]);
  const drawn = (seed: number) => dataOf("classifier.weight", withClassifier(weights, 2, seed).weights);
  expect(drawn(3)).toEqual(dataOf("classifier.weight", changed));
  expect(drawn(4)).not.toEqual(drawn(3));
  expect(Math.max(...dataOf("classifier.weight", changed).map(Math.abs))).toBeLessThanOrEqual(1 / 32);
  for (const [name, tensor] of weights.tensors) {
    if (!name.startsWith("classifier")) expect(changed.tensors.get(name)).toBe(tensor);
  }
  expect(weights.tensors.get("classifier.weight")!.shape).toEqual([14, 1024]);
});
