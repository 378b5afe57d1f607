/**
 * Sub: a − b, elementwise, with broadcasting.
 *
 * ∂/∂a = g, ∂/∂b = −g, each summed to its operand's shape.
 */
import { binaryOp } from "../core/elementwise.ts";
import type { Value } from "../core/graph.ts";
import { neg } from "./neg.ts";
import { sumTo } from "./sum-to.ts";

const subOp = binaryOp("Sub", ({ inputs: [a, b], gradient }) => [
  () => sumTo(gradient, a!.shape),
  () => neg(sumTo(gradient, b!.shape)),
]);

export function sub(a: Value, b: Value): Value {
  return a.graph.add(subOp, [a, b], null);
}
