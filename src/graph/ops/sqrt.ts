/** Sqrt: √x, elementwise. With y = √x: ∂/∂x = g / 2y. */
import { unaryOp } from "../core/elementwise.ts";
import type { Value } from "../core/graph.ts";
import { div } from "./div.ts";
import { mul } from "./mul.ts";

const sqrtOp = unaryOp("Sqrt", ({ output, gradient }) => [
  () => div(gradient, mul(output, output.graph.scalar(2))),
]);

export function sqrt(x: Value): Value {
  return x.graph.add(sqrtOp, [x], null);
}
