/**
 * What the closed forms share: the network's features and classifier, and how maps are computed from them.
 *
 * Knows: graph values. Notation as in `methods.ts`: A is the features, W the classifier, P the number of positions.
 */

import type { Value } from "../graph/core/graph.ts";
import { cast } from "../graph/ops/cast.ts";
import { greater } from "../graph/ops/greater.ts";
import { matmul } from "../graph/ops/matmul.ts";
import { mul } from "../graph/ops/mul.ts";
import { reduceMean } from "../graph/ops/reduce-mean.ts";
import { relu } from "../graph/ops/relu.ts";
import { reshape } from "../graph/ops/reshape.ts";

/** What a class activation map is made from. */
export interface MapInputs {
  /** A: the output of norm5 before the ReLU, [N, K, H, W]. */
  readonly features: Value;
  /** W: [labels, K]. */
  readonly classifierWeight: Value;
}

/** Maps [N, labels, H, W] as part of the graph, ReLU applied. */
export type ClosedForm = (inputs: MapInputs) => Value;

type KnownShape = readonly [number | string, number, number, number];

/** P: the number of positions of a map. */
export function positions({ features }: MapInputs): number {
  const [, , h, w] = features.shape as KnownShape;
  return h * w;
}

/** A as [N, K, P]. */
export function flatFeatures({ features }: MapInputs): Value {
  const [n, k, h, w] = features.shape as KnownShape;
  return reshape(features, [n, k, h * w]);
}

/** g where A is positive: W / P, [1, labels, K]. */
export function gradient(inputs: MapInputs): Value {
  const { classifierWeight } = inputs;
  const [labels, k] = classifierWeight.shape as readonly [number, number];
  const perPosition = mul(classifierWeight, classifierWeight.graph.scalar(1 / positions(inputs)));
  return reshape(perPosition, [1, labels, k]);
}

/** The share of positions at which each feature is positive, [N, 1, K]. */
export function positiveShare({ features }: MapInputs): Value {
  const [n, k] = features.shape as KnownShape;
  const isPositive = cast(greater(features, features.graph.scalar(0)), "float32");
  return reshape(reduceMean(isPositive, [2, 3]), [n, 1, k]);
}

/** Values for each label and position, [N, labels, P], as maps. */
export function asMaps(inputs: MapInputs, values: Value): Value {
  const [n, , h, w] = inputs.features.shape as KnownShape;
  const labels = inputs.classifierWeight.shape[0] as number;
  return reshape(values, [n, labels, h, w]);
}

/** ReLU(Σ_k weights_ck · activations_k) as maps: weights [N or 1, labels, K], activations [N, K, P]. */
export const weightedSum = (inputs: MapInputs, weights: Value, activations: Value): Value =>
  asMaps(inputs, relu(matmul(weights, activations)));
