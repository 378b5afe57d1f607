/**
 * GlobalAveragePool: the mean over H and W, [N, C, H, W] → [N, C, 1, 1].
 *
 * ∂/∂x = g / (H · W) at all positions.
 */
import type { OpDefinition, Value } from "../core/graph.ts";
import { imageShape, take } from "../core/shapes.ts";
import { mul } from "./mul.ts";

const globalAveragePoolOp: OpDefinition<null> = {
  type: "GlobalAveragePool",
  infer(inputs) {
    const [x] = take("GlobalAveragePool", inputs, 1);
    const { n, c } = imageShape("GlobalAveragePool", x!);
    return { dtype: x!.dtype, shape: [n, c, 1, 1] };
  },
  onnx: () => ({}),
  gradient: ({ inputs: [x], gradient }) => [
    () => {
      const { h, w } = imageShape("GlobalAveragePool", x!);
      return mul(gradient, gradient.graph.scalar(1 / (h * w)));
    },
  ],
};

export function globalAveragePool(x: Value): Value {
  return x.graph.add(globalAveragePoolOp, [x], null);
}
