/**
 * Gemm: a linear layer as in torch.nn.Linear, y = x · weightᵀ + bias, x [N, K], weight [M, K], bias [M].
 *
 * ∂/∂x = g · weight, ∂/∂weight = gᵀ · x, ∂/∂bias = the sum of g over the batch.
 */
import type { OpDefinition, Value } from "../core/graph.ts";
import { misfit, take } from "../core/shapes.ts";
import { matmul } from "./matmul.ts";
import { sumTo } from "./sum-to.ts";
import { transpose } from "./transpose.ts";

const gemmOp: OpDefinition<null> = {
  type: "Gemm",
  infer(inputs) {
    const [x, weight, bias] = take("Gemm", inputs, 3);
    const [n, k] = x!.shape;
    const [m, kWeight] = weight!.shape;
    const ranks = [x!, weight!, bias!].map(({ shape }) => shape.length).join();
    if (ranks !== "2,2,1" || k !== kWeight || bias!.shape[0] !== m) {
      throw misfit("Gemm", "needs [N, K], [M, K] and [M]", inputs);
    }
    return { dtype: x!.dtype, shape: [n!, m!] };
  },
  onnx: () => ({ transB: 1 }),
  gradient: ({ inputs: [x, weight, bias], gradient }) => [
    () => matmul(gradient, weight!),
    () => matmul(transpose(gradient, [1, 0]), x!),
    () => sumTo(gradient, bias!.shape),
  ],
};

export function linear(x: Value, weight: Value, bias: Value): Value {
  return x.graph.add(gemmOp, [x, weight, bias], null);
}
