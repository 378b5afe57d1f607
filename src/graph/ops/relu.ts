/** Relu: max(x, 0), elementwise. With y = relu(x): ∂/∂x = g where y > 0, else 0; at 0 as in PyTorch. */
import { unaryOp } from "../core/elementwise.ts";
import type { Value } from "../core/graph.ts";
import { heaviside } from "./heaviside.ts";
import { mul } from "./mul.ts";

export const reluOp = unaryOp("Relu", ({ output, gradient }) => [() => mul(gradient, heaviside(output))]);

export function relu(x: Value): Value {
  return x.graph.add(reluOp, [x], null);
}
