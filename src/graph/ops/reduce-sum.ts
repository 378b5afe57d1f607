/**
 * ReduceSum: the sum over some axes, which stay as extents of 1 or are dropped.
 *
 * Every summand has the gradient of the sum: ∂/∂x = g, all along the axes.
 */
import type { OpDefinition, Value } from "../core/graph.ts";
import { reducedShape } from "../core/shapes.ts";
import { reshape } from "./reshape.ts";

export interface ReduceSumAttributes {
  readonly axes: readonly number[];
  /** Whether to drop the axes, instead of keeping them as extents of 1. */
  readonly drop: boolean;
}

const reduceSumOp: OpDefinition<ReduceSumAttributes> = {
  type: "ReduceSum",
  infer: (inputs, { axes, drop }) => reducedShape("ReduceSum", inputs.slice(0, 1), axes, drop),
  onnx: ({ drop }) => ({ keepdims: drop ? 0 : 1 }),
  gradient: ({ inputs: [x], attributes: { axes, drop }, gradient }) => [
    () => (drop ? reshape(gradient, reducedShape("ReduceSum", [x!], axes).shape) : gradient),
  ],
};

export function reduceSum(x: Value, axes: readonly number[], drop = false): Value {
  const data = BigInt64Array.from(axes, BigInt);
  const list = x.graph.constant({ dtype: "int64", shape: [axes.length], data });
  return x.graph.add(reduceSumOp, [x, list], { axes, drop });
}
