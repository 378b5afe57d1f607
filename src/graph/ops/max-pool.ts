/** MaxPool: the largest value of each window of [N, C, H, W]; the padding never wins. */
import type { OpDefinition, Value } from "../graph.ts";
import { misfit, take, windowShape } from "../shapes.ts";

export interface PoolAttributes {
  readonly kernel: number;
  readonly stride: number;
  readonly padding: number;
}

/** The ONNX attributes of a square pooling window. */
export function poolAttributes({ kernel, stride, padding }: PoolAttributes) {
  return {
    kernel_shape: [kernel, kernel],
    strides: [stride, stride],
    pads: [padding, padding, padding, padding],
  };
}

export const maxPoolOp: OpDefinition<PoolAttributes> = {
  type: "MaxPool",
  infer(inputs, attributes) {
    const [x] = take("MaxPool", inputs, 1);
    if (attributes.padding * 2 > attributes.kernel) {
      throw misfit("MaxPool", "the padding is over half the window", inputs);
    }
    const { n, c, h, w } = windowShape("MaxPool", x!, attributes);
    return { dtype: x!.dtype, shape: [n, c, h, w] };
  },
  onnx: poolAttributes,
};

export function maxPool(x: Value, window: PoolAttributes): Value {
  return x.graph.add(maxPoolOp, [x], window);
}
