/** Mul: a · b, elementwise, with broadcasting. */
import { binaryOp } from "../elementwise.ts";
import type { Value } from "../graph.ts";

export const mulOp = binaryOp("Mul");

export function mul(a: Value, b: Value): Value {
  return a.graph.add(mulOp, [a, b], null);
}
