/** ReduceMean: the mean over some axes, which stay as extents of 1. */
import type { OpDefinition, Value } from "../graph.ts";
import { misfit, take } from "../shapes.ts";

export interface ReduceMeanAttributes {
  readonly axes: readonly number[];
}

export const reduceMeanOp: OpDefinition<ReduceMeanAttributes> = {
  type: "ReduceMean",
  infer(inputs, { axes }) {
    const [x] = take("ReduceMean", inputs, 1);
    if (axes.length === 0) throw misfit("ReduceMean", "needs at least one axis", inputs);
    if (axes.some((axis) => x!.shape[axis] === undefined)) {
      throw misfit("ReduceMean", `there is no axis ${axes.join(" or ")}`, inputs);
    }
    return { dtype: x!.dtype, shape: x!.shape.map((dim, axis) => (axes.includes(axis) ? 1 : dim)) };
  },
  onnx: ({ axes }) => ({ axes, keepdims: 1 }),
};

export function reduceMean(x: Value, axes: readonly number[]): Value {
  return x.graph.add(reduceMeanOp, [x], { axes });
}
