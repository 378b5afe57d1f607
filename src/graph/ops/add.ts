/** Add: a + b, elementwise, with broadcasting. */
import type { OpDefinition, Value } from "../graph.ts";
import { broadcast, take } from "../shapes.ts";

export const addOp: OpDefinition<null> = {
  type: "Add",
  infer(inputs) {
    const [a, b] = take("Add", inputs, 2);
    return { dtype: a!.dtype, shape: broadcast("Add", a!, b!) };
  },
  onnx: () => ({}),
};

export function add(a: Value, b: Value): Value {
  return a.graph.add(addOp, [a, b], null);
}
