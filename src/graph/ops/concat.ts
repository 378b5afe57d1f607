/**
 * Concat: join tensors along one axis; all other extents must agree.
 *
 * The gradient of each tensor is the corresponding part of g.
 */
import type { OpDefinition, Value } from "../core/graph.ts";
import { misfit } from "../core/shapes.ts";
import { slice } from "./slice.ts";

export interface ConcatAttributes {
  readonly axis: number;
}

export const concatOp: OpDefinition<ConcatAttributes> = {
  type: "Concat",
  infer(inputs, { axis }) {
    const first = inputs[0];
    if (first === undefined) throw misfit("Concat", "needs at least one input", inputs);
    let joined = 0;
    for (const { dtype, shape } of inputs) {
      const extent = shape[axis];
      const fits = shape.every((dim, i) => i === axis || dim === first.shape[i]);
      if (dtype !== first.dtype || shape.length !== first.shape.length || !fits) {
        throw misfit("Concat", `inputs differ beyond axis ${axis}`, inputs);
      }
      if (typeof extent !== "number") throw misfit("Concat", `axis ${axis} must be known`, inputs);
      joined += extent;
    }
    return { dtype: first.dtype, shape: first.shape.with(axis, joined) };
  },
  onnx: ({ axis }) => ({ axis }),
  gradient({ inputs, attributes: { axis }, gradient }) {
    let start = 0;
    return inputs.map(({ shape }) => {
      const part = { axis, start, end: start + (shape[axis] as number) };
      start = part.end;
      return () => slice(gradient, [part]);
    });
  },
};

/** Join along `axis`. A single value is returned as it is. */
export function concat(values: readonly [Value, ...Value[]], axis: number): Value {
  return values.length === 1 ? values[0] : values[0].graph.add(concatOp, values, { axis });
}
