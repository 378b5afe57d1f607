/** Greater: a > b, elementwise, with broadcasting; the result is bool. */
import { binaryOp } from "../core/elementwise.ts";
import type { Value } from "../core/graph.ts";

const greaterOp = binaryOp("Greater", { noGradient: "its result is a condition" }, "bool");

export function greater(a: Value, b: Value): Value {
  return a.graph.add(greaterOp, [a, b], null);
}
