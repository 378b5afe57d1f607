/**
 * ReduceMean: the mean over some axes, which stay as extents of 1.
 *
 * Over n elements: ∂/∂x = g / n, all along the axes.
 */
import type { OpDefinition, Value } from "../core/graph.ts";
import { extentsOf, reducedShape } from "../core/shapes.ts";
import { mul } from "./mul.ts";

export interface ReduceMeanAttributes {
  readonly axes: readonly number[];
}

const reduceMeanOp: OpDefinition<ReduceMeanAttributes> = {
  type: "ReduceMean",
  infer: (inputs, { axes }) => reducedShape("ReduceMean", inputs, axes),
  onnx: ({ axes }) => ({ axes, keepdims: 1 }),
  gradient: ({ inputs: [x], attributes: { axes }, gradient }) => [
    () => mul(gradient, gradient.graph.scalar(1 / extentsOf("ReduceMean", x!, axes))),
  ],
};

export function reduceMean(x: Value, axes: readonly number[]): Value {
  return x.graph.add(reduceMeanOp, [x], { axes });
}
