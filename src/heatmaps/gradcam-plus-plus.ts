/**
 * Grad-CAM++: w_ck = Σ_ij a_ck(i,j) · max(g_ck(i,j), 0), with a = g² / (2g² + g³·Σ_ij A_k + 10⁻⁶).
 *
 * At norm5, g is W_ck/P at each position where A_k is positive, so a is the same at all of them, and
 * w_ck = P · (share of positive positions) · a_ck · max(W_ck/P, 0). Σ_ij A_k is P times the mean of A_k.
 *
 * Reference: Chattopadhay et al., 2018, equation 19; the constant is pytorch-grad-cam's.
 */
import type { Value } from "../graph/core/graph.ts";
import { add } from "../graph/ops/add.ts";
import { div } from "../graph/ops/div.ts";
import { mul } from "../graph/ops/mul.ts";
import { reduceMean } from "../graph/ops/reduce-mean.ts";
import { reduceSum } from "../graph/ops/reduce-sum.ts";
import { relu } from "../graph/ops/relu.ts";
import { reshape } from "../graph/ops/reshape.ts";
import { type GradientForm, weightedFeatures } from "./from-gradients.ts";
import { type ClosedForm, flatFeatures, gradient, positions, positiveShare, weightedSum } from "./inputs.ts";

/** a, computed from g and Σ_ij A_k, whose shapes must broadcast. */
function shares(g: Value, sumOfFeatures: Value): Value {
  const scalar = (value: number) => g.graph.scalar(value);
  const g2 = mul(g, g);
  return div(g2, add(add(mul(g2, scalar(2)), mul(mul(g2, g), sumOfFeatures)), scalar(1e-6)));
}

export const gradcamPlusPlus: ClosedForm = (inputs) => {
  const { features } = inputs;
  const [n, k] = features.shape;
  const p = features.graph.scalar(positions(inputs));
  const g = gradient(inputs);
  const sumOfFeatures = mul(reshape(reduceMean(features, [2, 3]), [n!, 1, k!]), p);
  const weights = mul(mul(shares(g, sumOfFeatures), relu(g)), mul(positiveShare(inputs), p));
  return weightedSum(inputs, weights, flatFeatures(inputs));
};

export const gradcamPlusPlusFromGradients: GradientForm = (inputs) => {
  const { features, gradients: g } = inputs;
  const a = shares(g, reduceSum(features, [2, 3]));
  return weightedFeatures(inputs, reduceSum(mul(a, relu(g)), [2, 3]));
};
