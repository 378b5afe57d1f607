/** Greater: a > b, elementwise, with broadcasting; the result is bool. */
import type { OpDefinition, Value } from "../graph.ts";
import { broadcast, take } from "../shapes.ts";

export const greaterOp: OpDefinition<null> = {
  type: "Greater",
  infer(inputs) {
    const [a, b] = take("Greater", inputs, 2);
    return { dtype: "bool", shape: broadcast("Greater", a!, b!) };
  },
  onnx: () => ({}),
};

export function greater(a: Value, b: Value): Value {
  return a.graph.add(greaterOp, [a, b], null);
}
