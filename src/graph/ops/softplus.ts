/** Softplus: ln(1 + eˣ), elementwise, without overflow. ∂/∂x = g · σ(x). */
import { unaryOp } from "../core/elementwise.ts";
import type { Value } from "../core/graph.ts";
import { mul } from "./mul.ts";
import { sigmoid } from "./sigmoid.ts";

const softplusOp = unaryOp("Softplus", ({ inputs: [x], gradient }) => [() => mul(gradient, sigmoid(x!))]);

export function softplus(x: Value): Value {
  return x.graph.add(softplusOp, [x], null);
}
