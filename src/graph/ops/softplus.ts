/** Softplus: ln(1 + eˣ), elementwise, without overflow. ∂/∂x = g · σ(x). */
import { unaryOp } from "../elementwise.ts";
import type { Value } from "../graph.ts";
import { mul } from "./mul.ts";
import { sigmoid } from "./sigmoid.ts";

export const softplusOp = unaryOp("Softplus", ({ inputs: [x], gradient }) => [
  () => mul(gradient, sigmoid(x!)),
]);

export function softplus(x: Value): Value {
  return x.graph.add(softplusOp, [x], null);
}
