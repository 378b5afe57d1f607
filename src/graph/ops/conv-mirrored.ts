/**
 * ConvMirrored: the gradient of a convolution's image, at stride 1, as a convolution of the gradient g of its result with
 * the kernels mirrored and their channels exchanged.
 *
 * ∂/∂x[n,c,i,j] = Σ_m Σ_u Σ_v g[n, m, i + p − u, j + p − v] · w[m,c,u,v]
 *
 * Reference: Dumoulin and Visin, A guide to convolution arithmetic for deep learning, 2016, section 4.
 */

import { BACKWARD_ONLY, type OpDefinition, type Value } from "../core/graph.ts";
import { misfit, take, windowShape } from "../core/shapes.ts";
import { type WindowAttributes, windowAttributes } from "../core/window.ts";
import { mirror } from "./mirror.ts";
import { transpose } from "./transpose.ts";

const convMirroredOp: OpDefinition<WindowAttributes> = {
  type: "Conv",
  infer(inputs, attributes) {
    const [g, kernels] = take("Conv", inputs, 2);
    if (g!.shape[1] !== kernels!.shape[1])
      throw misfit("Conv", "image and weight differ in channels", inputs);
    const { n, h, w } = windowShape("Conv", g!, attributes);
    return { dtype: g!.dtype, shape: [n, kernels!.shape[0]!, h, w] };
  },
  onnx: windowAttributes,
  gradient: BACKWARD_ONLY,
};

/**
 * The gradient of x for y = x ∗ w.
 *
 * @param gradient  Of y, [N, M, H', W'].
 * @param weight    w, [M, C, k, k].
 * @param window    Of the convolution; its stride must be 1, and its padding smaller than k.
 * @returns         [N, C, H, W].
 */
export function convMirrored(gradient: Value, weight: Value, { kernel, padding }: WindowAttributes): Value {
  const exchanged = transpose(weight, [1, 0, 2, 3]);
  const kernels = kernel === 1 ? exchanged : mirror(exchanged, [2, 3]);
  return gradient.graph.add(convMirroredOp, [gradient, kernels], {
    kernel,
    stride: 1,
    padding: kernel - 1 - padding,
  });
}
