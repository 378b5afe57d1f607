/** Add: a + b, elementwise, with broadcasting. */
import { binaryOp } from "../elementwise.ts";
import type { Value } from "../graph.ts";

export const addOp = binaryOp("Add");

export function add(a: Value, b: Value): Value {
  return a.graph.add(addOp, [a, b], null);
}
