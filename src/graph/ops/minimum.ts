/** Min: the smaller of a and b, elementwise, with broadcasting. Used for gradient clipping. */
import { binaryOp } from "../core/elementwise.ts";
import { BACKWARD_ONLY, type Value } from "../core/graph.ts";

const minimumOp = binaryOp("Min", BACKWARD_ONLY);

export function minimum(a: Value, b: Value): Value {
  return a.graph.add(minimumOp, [a, b], null);
}
