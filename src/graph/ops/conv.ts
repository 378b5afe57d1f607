/**
 * Conv: two-dimensional cross-correlation of [N, C, H, W] with [M, C, k, k], without bias.
 *
 * y[n,m,i,j] = Σ_c Σ_u Σ_v x[n, c, i·stride + u − padding, j·stride + v − padding] · w[m,c,u,v]
 *
 * Its gradients are in `conv-gradient.ts`.
 */

import type { OpDefinition, Value } from "../core/graph.ts";
import { imageShape, misfit, take, windowShape } from "../core/shapes.ts";
import { type WindowAttributes, windowAttributes } from "../core/window.ts";
import { imageGradient, sharedWindows, weightGradient } from "./conv-gradient.ts";

const convOp: OpDefinition<WindowAttributes> = {
  type: "Conv",
  infer(inputs, attributes) {
    const [x, weight] = take("Conv", inputs, 2);
    const [m, c, kh, kw] = weight!.shape;
    const { kernel } = attributes;
    if (weight!.shape.length !== 4 || kh !== kernel || kw !== kernel) {
      throw misfit("Conv", `the weight must be [M, C, ${kernel}, ${kernel}]`, inputs);
    }
    if (imageShape("Conv", x!).c !== c) throw misfit("Conv", "image and weight differ in channels", inputs);
    const { n, h, w } = windowShape("Conv", x!, attributes);
    return { dtype: x!.dtype, shape: [n, m!, h, w] };
  },
  onnx: windowAttributes,
  gradient({ inputs: [x, weight], attributes, gradient }) {
    const windows = sharedWindows(gradient, attributes);
    return [
      () => imageGradient(x!, weight!, gradient, attributes, windows),
      () => weightGradient(x!, weight!, gradient, attributes, windows),
    ];
  },
};

/** Convolve, by default with stride 1 and without padding. The kernel size is that of the weight. */
export function conv(x: Value, weight: Value, window: { stride?: number; padding?: number } = {}): Value {
  const kernel = weight.shape[2];
  if (typeof kernel !== "number") throw misfit("Conv", "the weight's extents must be known", [x, weight]);
  return x.graph.add(convOp, [x, weight], {
    kernel,
    stride: window.stride ?? 1,
    padding: window.padding ?? 0,
  });
}
