/** Relu: max(x, 0), elementwise. */
import type { OpDefinition, Value } from "../graph.ts";
import { take } from "../shapes.ts";

export const reluOp: OpDefinition<null> = {
  type: "Relu",
  infer: (inputs) => take("Relu", inputs, 1)[0]!,
  onnx: () => ({}),
};

export function relu(x: Value): Value {
  return x.graph.add(reluOp, [x], null);
}
