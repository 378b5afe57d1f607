/**
 * AveragePool: the mean of each window of [N, C, H, W], without padding.
 *
 * ∂/∂x is g / k² at every position of the window.
 */

import type { OpDefinition, Value } from "../core/graph.ts";
import { imageShape, take, windowShape } from "../core/shapes.ts";
import { windowAttributes } from "../core/window.ts";
import { col2im } from "./col2im.ts";
import { enlarge } from "./enlarge.ts";
import { mul } from "./mul.ts";

export interface AveragePoolAttributes {
  readonly kernel: number;
  readonly stride: number;
}

const averagePoolOp: OpDefinition<AveragePoolAttributes> = {
  type: "AveragePool",
  infer(inputs, attributes) {
    const [x] = take("AveragePool", inputs, 1);
    const { n, c, h, w } = windowShape("AveragePool", x!, { ...attributes, padding: 0 });
    return { dtype: x!.dtype, shape: [n, c, h, w] };
  },
  onnx: (attributes) => windowAttributes({ ...attributes, padding: 0 }),
  gradient: ({ inputs: [x], attributes, gradient }) => [
    () => {
      const { h, w } = imageShape("AveragePool", x!);
      const { kernel, stride } = attributes;
      const share = mul(gradient, gradient.graph.scalar(1 / kernel ** 2));
      if (kernel === stride && h % stride === 0 && w % stride === 0) return enlarge(share, stride);
      return col2im(() => share, { ...attributes, padding: 0 }, [h, w]);
    },
  ],
};

export function averagePool(x: Value, window: AveragePoolAttributes): Value {
  return x.graph.add(averagePoolOp, [x], window);
}
