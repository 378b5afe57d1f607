/**
 * What the elementwise ops share: the shape rules of one operand, and of two that broadcast.
 *
 * Knows: shapes. Each op, with its formula, is in a file of its own under `ops/`.
 */

import type { DType } from "../tensor.ts";
import type { GradientRule, NoGradient, OpDefinition } from "./graph.ts";
import { broadcast, take } from "./shapes.ts";

/** An op that maps each element of one input. */
export function unaryOp(type: string, gradient: GradientRule<null> | NoGradient): OpDefinition<null> {
  return { type, infer: (inputs) => take(type, inputs, 1)[0]!, onnx: () => ({}), gradient };
}

/** An op on two inputs that broadcast. The result has their dtype unless another is given. */
export function binaryOp(
  type: string,
  gradient: GradientRule<null> | NoGradient,
  result?: DType,
): OpDefinition<null> {
  return {
    type,
    infer(inputs) {
      const [a, b] = take(type, inputs, 2);
      return { dtype: result ?? a!.dtype, shape: broadcast(type, a!, b!) };
    },
    onnx: () => ({}),
    gradient,
  };
}
