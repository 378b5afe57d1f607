/** Transpose: reorder the axes; axis i of the result is axis `order[i]` of x. ∂/∂x is g, transposed back. */
import type { OpDefinition, Value } from "../core/graph.ts";
import { misfit, take } from "../core/shapes.ts";

export interface TransposeAttributes {
  readonly order: readonly number[];
}

const transposeOp: OpDefinition<TransposeAttributes> = {
  type: "Transpose",
  infer(inputs, { order }) {
    const [x] = take("Transpose", inputs, 1);
    if (order.toSorted((a, b) => a - b).join() !== x!.shape.map((_, i) => i).join()) {
      throw misfit("Transpose", `cannot be brought into the order [${order}]`, inputs);
    }
    return { dtype: x!.dtype, shape: order.map((axis) => x!.shape[axis]!) };
  },
  onnx: ({ order }) => ({ perm: order }),
  gradient: ({ attributes: { order }, gradient }) => [
    () =>
      transpose(
        gradient,
        order.map((_, axis) => order.indexOf(axis)),
      ),
  ],
};

export function transpose(x: Value, order: readonly number[]): Value {
  return x.graph.add(transposeOp, [x], { order });
}
