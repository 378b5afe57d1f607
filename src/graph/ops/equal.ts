/** Equal: a = b, elementwise, with broadcasting; the result is bool. */
import { binaryOp } from "../core/elementwise.ts";
import type { Value } from "../core/graph.ts";

const equalOp = binaryOp("Equal", { noGradient: "its result is a condition" }, "bool");

export function equal(a: Value, b: Value): Value {
  return a.graph.add(equalOp, [a, b], null);
}
