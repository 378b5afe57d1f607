/**
 * Div: a / b, elementwise, with broadcasting.
 *
 * With y = a / b: ∂/∂a = g / b, ∂/∂b = −g · y / b, each summed to its operand's shape.
 */
import { binaryOp } from "../core/elementwise.ts";
import type { Value } from "../core/graph.ts";
import { mul } from "./mul.ts";
import { neg } from "./neg.ts";
import { sumTo } from "./sum-to.ts";

const divOp = binaryOp("Div", ({ inputs: [a, b], output, gradient }) => [
  () => sumTo(div(gradient, b!), a!.shape),
  () => neg(sumTo(div(mul(gradient, output), b!), b!.shape)),
]);

export function div(a: Value, b: Value): Value {
  return a.graph.add(divOp, [a, b], null);
}
