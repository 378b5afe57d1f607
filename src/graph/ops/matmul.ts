/** MatMul: batched matrix product, [..., I, K] · [..., K, J] → [..., I, J]; leading extents broadcast. */
import type { OpDefinition, Value } from "../graph.ts";
import { broadcast, misfit, take } from "../shapes.ts";

export const matmulOp: OpDefinition<null> = {
  type: "MatMul",
  infer(inputs) {
    const [a, b] = take("MatMul", inputs, 2);
    if (a!.shape.length < 2 || b!.shape.length < 2 || a!.shape.at(-1) !== b!.shape.at(-2)) {
      throw misfit("MatMul", "the inner extents differ", inputs);
    }
    const batch = broadcast("MatMul", a!, b!, 2);
    return { dtype: a!.dtype, shape: [...batch, a!.shape.at(-2)!, b!.shape.at(-1)!] };
  },
  onnx: () => ({}),
};

export function matmul(a: Value, b: Value): Value {
  return a.graph.add(matmulOp, [a, b], null);
}
