/**
 * Mul: a · b, elementwise, with broadcasting.
 *
 * ∂/∂a = g · b, ∂/∂b = g · a, each summed to its operand's shape.
 */
import { binaryOp } from "../core/elementwise.ts";
import type { Value } from "../core/graph.ts";
import { sumTo } from "./sum-to.ts";

export const mulOp = binaryOp("Mul", ({ inputs: [a, b], gradient }) => [
  () => sumTo(mul(gradient, b!), a!.shape),
  () => sumTo(mul(gradient, a!), b!.shape),
]);

export function mul(a: Value, b: Value): Value {
  return a.graph.add(mulOp, [a, b], null);
}
