/**
 * Heaviside: 1 where x > 0, else 0, elementwise.
 *
 * Reference: torch.heaviside with 0 at 0.
 */
import { unaryOp } from "../core/elementwise.ts";
import type { OpDefinition, Value } from "../core/graph.ts";
import { cast } from "./cast.ts";
import { greater } from "./greater.ts";

export const heavisideOp: OpDefinition<null> = {
  ...unaryOp("Heaviside", { noGradient: "it is flat everywhere but at 0" }),
  onnx: { write: ([x]) => cast(greater(x!, x!.graph.scalar(0)), x!.dtype) },
};

export function heaviside(x: Value): Value {
  return x.graph.add(heavisideOp, [x], null);
}
