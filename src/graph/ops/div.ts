/** Div: a / b, elementwise, with broadcasting. */
import type { OpDefinition, Value } from "../graph.ts";
import { broadcast, take } from "../shapes.ts";

export const divOp: OpDefinition<null> = {
  type: "Div",
  infer(inputs) {
    const [a, b] = take("Div", inputs, 2);
    return { dtype: a!.dtype, shape: broadcast("Div", a!, b!) };
  },
  onnx: () => ({}),
};

export function div(a: Value, b: Value): Value {
  return a.graph.add(divOp, [a, b], null);
}
