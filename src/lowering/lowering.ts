/**
 * A lowering: an op of the graph, and the form of it for which ONNX Runtime's CPU kernels are fast.
 *
 * Knows: ops and values.
 */

import type { AnyOp, NoGradient, OpDefinition, Value } from "../graph/core/graph.ts";
import type { Rewriting } from "../graph/core/rewrite.ts";

/** An op, and how to write it instead. */
export type Lowering = readonly [op: AnyOp, write: Rewriting];

/** Define how to write an op in another form that computes the same from the same inputs. */
export function lowering<Attributes>(
  op: OpDefinition<Attributes>,
  write: (inputs: readonly Value[], attributes: Attributes) => Value,
): Lowering {
  return [op, (inputs, attributes) => [write(inputs, attributes)]];
}

/** For the operators that lowerings write. */
export const AFTER_GRADIENTS: NoGradient = { noGradient: "it is written when all gradients are" };
