/**
 * Step: 1 where x > 0, else 0, elementwise.
 *
 * In ONNX a HardSigmoid, min(max(αx + β, 0), 1), whose slope α is so steep that every normal float32 above 0 becomes
 * 1: the fastest of the ways that ONNX Runtime's CPU kernels offer, at half of Greater and Cast.
 */
import type { OpDefinition, Value } from "../graph.ts";
import { take } from "../shapes.ts";

export const stepOp: OpDefinition<null> = {
  type: "HardSigmoid",
  infer: (inputs) => take("HardSigmoid", inputs, 1)[0]!,
  onnx: () => ({ alpha: { float: 1e38 }, beta: { float: 0 } }),
  gradient: { noGradient: "it is flat everywhere but at 0" },
};

export function step(x: Value): Value {
  return x.graph.add(stepOp, [x], null);
}
