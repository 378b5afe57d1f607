/**
 * Shared code of the elementwise ops: the shape rules for one operand, and for two that broadcast.
 *
 * Knows: shapes. Each op, with its formula, has its own file under `ops/`.
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

/** An op on two inputs that broadcast. The result has their dtype unless `result` names another one. */
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
 * Restrict a rule to gradients no larger than the output. A gradient with a batch of its own would be mistaken for an
 * operand that was repeated, and summed.
 */
function withinOutput(type: string, rule: GradientRule<null>): GradientRule<null> {
  return (applied) => {
    const { output, gradient } = applied;
    const fits = broadcast(type, output, gradient).join() === output.shape.join();
    if (!fits) throw misfit(type, "the gradient is larger than the output", [output, gradient]);
    return rule(applied);
  };
}
