/** Relu: max(x, 0), elementwise. With y = relu(x): ∂/∂x = g where y > 0, else 0, as PyTorch has it at 0. */
import { unaryOp } from "../elementwise.ts";
import type { Value } from "../graph.ts";
import { mul } from "./mul.ts";
import { step } from "./step.ts";

export const reluOp = unaryOp("Relu", ({ output, gradient }) => [() => mul(gradient, step(output))]);

export function relu(x: Value): Value {
  return x.graph.add(reluOp, [x], null);
}
