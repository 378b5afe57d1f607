/** Div: a / b, elementwise, with broadcasting. */
import { binaryOp } from "../elementwise.ts";
import type { Value } from "../graph.ts";

export const divOp = binaryOp("Div");

export function div(a: Value, b: Value): Value {
  return a.graph.add(divOp, [a, b], null);
}
