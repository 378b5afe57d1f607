/**
 * Sub: a − b, elementwise, with broadcasting.
 *
 * ∂/∂a = g, ∂/∂b = −g, each summed to its operand's shape.
 */
import { binaryOp } from "../elementwise.ts";
import type { Value } from "../graph.ts";
import { sumTo } from "../sum-to.ts";
import { neg } from "./neg.ts";

export const subOp = binaryOp("Sub", ({ inputs: [a, b], gradient }) => [
  () => sumTo(gradient, a!.shape),
  () => neg(sumTo(gradient, b!.shape)),
]);

export function sub(a: Value, b: Value): Value {
  return a.graph.add(subOp, [a, b], null);
}
