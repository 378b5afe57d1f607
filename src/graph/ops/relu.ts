/** Relu: max(x, 0), elementwise. */
import { unaryOp } from "../elementwise.ts";
import type { Value } from "../graph.ts";

export const reluOp = unaryOp("Relu");

export function relu(x: Value): Value {
  return x.graph.add(reluOp, [x], null);
}
