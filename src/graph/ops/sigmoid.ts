/** Sigmoid: 1 / (1 + e^−x), elementwise. */
import type { OpDefinition, Value } from "../graph.ts";
import { take } from "../shapes.ts";

export const sigmoidOp: OpDefinition<null> = {
  type: "Sigmoid",
  infer: (inputs) => take("Sigmoid", inputs, 1)[0]!,
  onnx: () => ({}),
};

export function sigmoid(x: Value): Value {
  return x.graph.add(sigmoidOp, [x], null);
}
