/**
 * What the methods share at any layer, where the gradient is given element by element.
 *
 * Knows: graph values. A is one image's features; g = ∂logit_c / ∂A for each of S findings.
 */

import type { Value } from "../graph/core/graph.ts";
import { matmul } from "../graph/ops/matmul.ts";
import { mul } from "../graph/ops/mul.ts";
import { reduceSum } from "../graph/ops/reduce-sum.ts";
import { relu } from "../graph/ops/relu.ts";
import { reshape } from "../graph/ops/reshape.ts";

/** What a map is made from. */
interface GradientInputs {
  /** A: [1, K, H, W]. */
  readonly features: Value;
  /** g: [S, K, H, W]. */
  readonly gradients: Value;
}

/** Maps [S, H, W] as part of the graph, ReLU applied. */
export type GradientForm = (inputs: GradientInputs) => Value;

type KnownShape = readonly [number | string, number, number, number];

/** ReLU(Σ_k w_ck · A_k): a weight for each channel, [S, K] or [S, K, 1, 1]. */
export function weightedFeatures({ features, gradients }: GradientInputs, weights: Value): Value {
  const [s, k, h, w] = gradients.shape as KnownShape;
  const maps = matmul(reshape(weights, [s, k]), reshape(features, [k, h * w]));
  return reshape(relu(maps), [s, h, w]);
}

/** ReLU(Σ_k w_ck ∘ A_k): a weight for each element, [S, K, H, W]. */
export function weightedElements({ features }: GradientInputs, weights: Value): Value {
  return relu(reduceSum(mul(weights, features), [1], true));
}
