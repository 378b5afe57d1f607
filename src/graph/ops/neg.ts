/** Neg: −x, elementwise. ∂/∂x = −g. */
import { unaryOp } from "../core/elementwise.ts";
import type { Value } from "../core/graph.ts";

const negOp = unaryOp("Neg", ({ gradient }) => [() => neg(gradient)]);

export function neg(x: Value): Value {
  return x.graph.add(negOp, [x], null);
}
