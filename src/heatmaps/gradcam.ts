/**
 * Grad-CAM: α_ck is the mean of g_ck over positions; the map is ReLU(Σ_k α_ck A_k).
 *
 * At norm5, g_ck is W_ck/P at the positive positions and 0 elsewhere, so α_ck = W_ck/P · (share of positive positions).
 *
 * Reference: Selvaraju et al., 2017, equations 1 and 2.
 */
import { mul } from "../graph/ops/mul.ts";
import { reduceMean } from "../graph/ops/reduce-mean.ts";
import { type GradientForm, weightedFeatures } from "./from-gradients.ts";
import { type ClosedForm, flatFeatures, gradient, positiveShare, weightedSum } from "./inputs.ts";

export const gradcam: ClosedForm = (inputs) => {
  const alpha = mul(gradient(inputs), positiveShare(inputs));
  return weightedSum(inputs, alpha, flatFeatures(inputs));
};

export const gradcamFromGradients: GradientForm = (inputs) =>
  weightedFeatures(inputs, reduceMean(inputs.gradients, [2, 3]));
