/** Mul: a · b, elementwise, with broadcasting. */
import type { OpDefinition, Value } from "../graph.ts";
import { broadcast, take } from "../shapes.ts";

export const mulOp: OpDefinition<null> = {
  type: "Mul",
  infer(inputs) {
    const [a, b] = take("Mul", inputs, 2);
    return { dtype: a!.dtype, shape: broadcast("Mul", a!, b!) };
  },
  onnx: () => ({}),
};

export function mul(a: Value, b: Value): Value {
  return a.graph.add(mulOp, [a, b], null);
}
