/** Sigmoid: 1 / (1 + e^−x), elementwise. With y = σ(x): ∂/∂x = g · y · (1 − y). */
import { unaryOp } from "../core/elementwise.ts";
import type { Value } from "../core/graph.ts";
import { mul } from "./mul.ts";
import { sub } from "./sub.ts";

const sigmoidOp = unaryOp("Sigmoid", ({ output, gradient }) => [
  () => mul(gradient, mul(output, sub(output.graph.scalar(1), output))),
]);

export function sigmoid(x: Value): Value {
  return x.graph.add(sigmoidOp, [x], null);
}
