/**
 * What the elementwise ops share: the shape rules of one operand, and of two that broadcast.
 *
 * Knows: shapes. Each op, with its formula, is in a file of its own under `ops/`.
 */

import type { DType } from "../../tensor.ts";
import type { GradientRule, NoGradient, OpDefinition } from "./graph.ts";
import { broadcast, misfit, take } from "./shapes.ts";

/** An op that maps each element of one input. */
export function unaryOp(type: string, gradient: GradientRule<null> | NoGradient): OpDefinition<null> {
  return {
    type,
    infer: (inputs) => take(type, inputs, 1)[0]!,
    onnx: () => ({}),
    gradient,
    isPointwise: true,
  };
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
    gradient: typeof gradient === "function" ? withinOutput(type, gradient) : gradient,
  };
}

/**
 * A rule for gradients no larger than the output. One with a batch of its own would be taken for an operand that was
 * repeated, and summed.
 */
function withinOutput(type: string, rule: GradientRule<null>): GradientRule<null> {
  return (applied) => {
    const { output, gradient } = applied;
    const fits = broadcast(type, output, gradient).join() === output.shape.join();
    if (!fits) throw misfit(type, "the gradient is larger than the output", [output, gradient]);
    return rule(applied);
  };
}
