/** Sigmoid: 1 / (1 + e^−x), elementwise. */
import { unaryOp } from "../elementwise.ts";
import type { Value } from "../graph.ts";

export const sigmoidOp = unaryOp("Sigmoid");

export function sigmoid(x: Value): Value {
  return x.graph.add(sigmoidOp, [x], null);
}
