/**
 * Add: a + b, elementwise, with broadcasting.
 *
 * ∂/∂a = g, ∂/∂b = g, each summed to its operand's shape.
 */
import { binaryOp } from "../core/elementwise.ts";
import type { Value } from "../core/graph.ts";
import { sumTo } from "./sum-to.ts";

const addOp = binaryOp("Add", ({ inputs, gradient }) =>
  inputs.map(
    ({ shape }) =>
      () =>
        sumTo(gradient, shape),
  ),
);

export function add(a: Value, b: Value): Value {
  return a.graph.add(addOp, [a, b], null);
}
