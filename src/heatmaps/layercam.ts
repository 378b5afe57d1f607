/**
 * LayerCAM: ReLU(Σ_k max(g_ck, 0) ∘ A_k). At norm5 this is HiResCAM with only the positive weights of the classifier.
 *
 * Reference: Jiang et al., 2021, equations 5 and 6.
 */
import { relu } from "../graph/ops/relu.ts";
import { type GradientForm, weightedElements } from "./from-gradients.ts";
import { type ClosedForm, flatFeatures, gradient, weightedSum } from "./inputs.ts";

export const layercam: ClosedForm = (inputs) =>
  weightedSum(inputs, relu(gradient(inputs)), relu(flatFeatures(inputs)));

export const layercamFromGradients: GradientForm = (inputs) =>
  weightedElements(inputs, relu(inputs.gradients));
