/**
 * HiResCAM: ReLU(Σ_k g_ck ∘ A_k). At norm5, g is W_ck/P where A_k is positive, so g ∘ A is W_ck/P · ReLU(A_k).
 *
 * Reference: Draelos and Carin, 2020, equation 3.
 */
import { relu } from "../graph/ops/relu.ts";
import { type GradientForm, weightedElements } from "./from-gradients.ts";
import { type ClosedForm, flatFeatures, gradient, weightedSum } from "./inputs.ts";

export const hirescam: ClosedForm = (inputs) =>
  weightedSum(inputs, gradient(inputs), relu(flatFeatures(inputs)));

export const hirescamFromGradients: GradientForm = (inputs) => weightedElements(inputs, inputs.gradients);
