/** AveragePool: the mean of each window of [N, C, H, W], without padding. */
import type { OpDefinition, Value } from "../graph.ts";
import { take, windowShape } from "../shapes.ts";
import { poolAttributes } from "./max-pool.ts";

export interface AveragePoolAttributes {
  readonly kernel: number;
  readonly stride: number;
}

export const averagePoolOp: OpDefinition<AveragePoolAttributes> = {
  type: "AveragePool",
  infer(inputs, attributes) {
    const [x] = take("AveragePool", inputs, 1);
    const { n, c, h, w } = windowShape("AveragePool", x!, { ...attributes, padding: 0 });
    return { dtype: x!.dtype, shape: [n, c, h, w] };
  },
  onnx: (attributes) => poolAttributes({ ...attributes, padding: 0 }),
};

export function averagePool(x: Value, window: AveragePoolAttributes): Value {
  return x.graph.add(averagePoolOp, [x], window);
}
