/**
 * MatMul: batched matrix product, [..., I, K] · [..., K, J] → [..., I, J]; leading extents broadcast.
 *
 * ∂/∂a = g · bᵀ, ∂/∂b = aᵀ · g, each summed to its operand's shape.
 */
import type { OpDefinition, Value } from "../core/graph.ts";
import { broadcast, misfit, take } from "../core/shapes.ts";
import { sumTo } from "./sum-to.ts";
import { transpose } from "./transpose.ts";

/** The last two axes exchanged. */
function transposed(x: Value): Value {
  const axes = x.shape.map((_, axis) => axis);
  return transpose(x, [...axes.slice(0, -2), axes.length - 1, axes.length - 2]);
}

const matmulOp: OpDefinition<null> = {
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
  gradient: ({ inputs: [a, b], gradient }) => [
    () => sumTo(matmul(gradient, transposed(b!)), a!.shape),
    () => sumTo(matmul(transposed(a!), gradient), b!.shape),
  ],
};

export function matmul(a: Value, b: Value): Value {
  return a.graph.add(matmulOp, [a, b], null);
}
