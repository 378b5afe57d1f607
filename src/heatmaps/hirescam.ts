/**
 * HiResCAM: ReLU(Σ_k g_ck ∘ A_k). At norm5, g is W_ck/P where A_k is positive, so g ∘ A is W_ck/P · ReLU(A_k).
 *
 * Since only a mean and a linear layer follow, these terms, before the ReLU of the map, add up to the logit:
 * logit_c = b_c + Σ_ij Σ_k W_ck/P · ReLU(A_k(i,j)).
 *
 * Reference: Draelos and Carin, 2020, equation 3; section 3.3 on the sum.
 */
import type { Value } from "../graph/core/graph.ts";
import { matmul } from "../graph/ops/matmul.ts";
import { relu } from "../graph/ops/relu.ts";
import { type GradientForm, weightedElements } from "./from-gradients.ts";
import { asMaps, type ClosedForm, flatFeatures, gradient, type MapInputs, weightedSum } from "./inputs.ts";

export const hirescam: ClosedForm = (inputs) =>
  weightedSum(inputs, gradient(inputs), relu(flatFeatures(inputs)));

/** HiResCAM's terms at norm5, [N, labels, H, W]: positive where a place speaks for a finding, negative against it. */
export const hirescamTerms = (inputs: MapInputs): Value =>
  asMaps(inputs, matmul(gradient(inputs), relu(flatFeatures(inputs))));

export const hirescamFromGradients: GradientForm = (inputs) => weightedElements(inputs, inputs.gradients);
