/** Softmax over the last axis: e^x / Σ e^x. With y = softmax(x): ∂/∂x = y · (g − Σ g · y), summed over that axis. */
import type { OpDefinition, Value } from "../core/graph.ts";
import { mul } from "./mul.ts";
import { reduceSum } from "./reduce-sum.ts";
import { sub } from "./sub.ts";

const softmaxOp: OpDefinition<null> = {
  type: "Softmax",
  infer: ([x]) => ({ dtype: x!.dtype, shape: x!.shape }),
  onnx: () => ({ axis: -1 }),
  gradient: ({ inputs: [x], output, gradient }) => [
    () => mul(output, sub(gradient, reduceSum(mul(gradient, output), [x!.shape.length - 1]))),
  ],
};

export function softmax(x: Value): Value {
  return x.graph.add(softmaxOp, [x], null);
}
