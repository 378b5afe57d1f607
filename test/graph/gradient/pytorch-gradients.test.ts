/** Gradients compared with PyTorch's, from scripts/reference/gradients.py. */
import { expect, test } from "vitest";
import type { Value } from "../../../src/graph/core/graph.ts";
import { batchStatistics, normalise } from "../../../src/graph/gradient/batch-norm.ts";
import { averagePool } from "../../../src/graph/ops/average-pool.ts";
import { batchNormalization } from "../../../src/graph/ops/batch-normalization.ts";
import { concat } from "../../../src/graph/ops/concat.ts";
import { conv } from "../../../src/graph/ops/conv.ts";
import { maxPool } from "../../../src/graph/ops/max-pool.ts";
import { relu } from "../../../src/graph/ops/relu.ts";
import { float32 } from "../../../src/tensor.ts";
import { fixtureJson } from "../../fixtures.ts";
import { expectReference, type ReferenceGradients } from "../../support/gradients.ts";
import { numbers } from "../../support/run-graph.ts";

const cases = <Row>(name: string) => {
  const rows = fixtureJson<(Row & ReferenceGradients)[]>(`gradients/${name}.json`);
  expect(rows.length).toBeGreaterThan(0);
  return rows;
};

interface ConvRow {
  readonly x: number[];
  readonly w: number[];
  readonly stride: number;
  readonly padding: number;
}

test.each(cases<ConvRow>("conv"))("conv $x with $w, stride $stride, padding $padding", async (row) => {
  const { x, w, stride, padding } = row;
  const tensors = [numbers(x, 1), numbers(w, 2)];
  await expectReference(tensors, (image, weight) => conv(image!, weight!, { stride, padding }), row);
});

test.each(cases<{ shape: number[]; training: boolean }>("batch-norm"))(
  "batch norm of $shape, with statistics of the batch: $training",
  async (row) => {
    const c = [row.shape[1]!];
    const tensors = [numbers(row.shape, 1), ...[2, 3, 4].map((seed) => numbers(c, seed))];
    tensors.push(numbers(c, 5, 0.01, 2));
    const build = (...[x, weight, bias, mean, variance]: Value[]) =>
      row.training
        ? normalise(x!, { weight: weight!, bias: bias! }, batchStatistics(x!))
        : batchNormalization(x!, {
            weight: weight!,
            bias: bias!,
            running_mean: mean!,
            running_var: variance!,
          });
    await expectReference(tensors, build, row, { wanted: [0, 1, 2] });
  },
);

interface PoolRow {
  readonly shape: number[];
  readonly kernel: number;
  readonly stride: number;
}

test.each(cases<PoolRow & { low: number; padding: number }>("max-pool"))(
  "max pool of $shape from $low with ties, kernel $kernel, stride $stride, padding $padding",
  async (row) => {
    const { data } = numbers(row.shape, 7, row.low, row.low + 4);
    const x = float32(row.shape, data.map(Math.floor));
    await expectReference([x], (image) => maxPool(image!, row), row);
  },
);

test.each(cases<PoolRow>("average-pool"))(
  "average pool of $shape, kernel $kernel, stride $stride",
  async (row) => {
    await expectReference([numbers(row.shape, 5)], (image) => averagePool(image!, row), row);
  },
);

test.each(cases<{ shapes: number[][] }>("dense-block"))(
  "a dense block of two layers in training: the gradients of its input and all parameters",
  async (row) => {
    const tensors = [
      numbers([2, 4, 5, 6], 1),
      ...row.shapes.map((shape, i) => numbers(shape, 10 + i, -1, 1)),
    ];
    const activated = (x: Value, weight: Value, bias: Value) =>
      relu(normalise(x, { weight, bias }, batchStatistics(x)));
    const build = (x: Value | undefined, ...parameters: Value[]) => {
      const features: [Value, ...Value[]] = [x!];
      for (let i = 0; i < parameters.length; i += 6) {
        const [weight1, bias1, conv1, weight2, bias2, conv2] = parameters.slice(i, i + 6);
        const h = conv(activated(concat([...features], 1), weight1!, bias1!), conv1!);
        features.push(conv(activated(h, weight2!, bias2!), conv2!, { padding: 1 }));
      }
      return concat(features, 1);
    };
    await expectReference(tensors, build, row);
  },
);
