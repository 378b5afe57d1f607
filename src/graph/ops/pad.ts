/** Pad: add rows of a constant before and after each axis; negative counts cut rows off. */
import { BACKWARD_ONLY, type OpDefinition, type Value } from "../core/graph.ts";
import { misfit, take } from "../core/shapes.ts";

export interface PadAttributes {
  /** Rows to add before and after, per axis. */
  readonly before: readonly number[];
  readonly after: readonly number[];
}

const padOp: OpDefinition<PadAttributes> = {
  type: "Pad",
  infer(inputs, { before, after }) {
    const [x] = take("Pad", inputs, 3, "mixed");
    if (before.length !== x!.shape.length || after.length !== x!.shape.length) {
      throw misfit("Pad", "needs counts for every axis", [x!]);
    }
    const shape = x!.shape.map((dim, axis) => {
      const change = before[axis]! + after[axis]!;
      if (typeof dim === "number" && dim + change >= 1) return dim + change;
      if (before[axis] === 0 && after[axis] === 0) return dim;
      throw misfit("Pad", `axis ${axis} cannot change by ${change}`, [x!]);
    });
    return { dtype: x!.dtype, shape };
  },
  onnx: () => ({ mode: "constant" }),
  gradient: BACKWARD_ONLY,
};

/** Pad with `value`, 0 by default. */
export function pad(x: Value, before: readonly number[], after: readonly number[], value = 0): Value {
  if ([...before, ...after].every((count) => count === 0)) return x;
  const counts = BigInt64Array.from([...before, ...after], BigInt);
  const pads = x.graph.constant({ dtype: "int64", shape: [counts.length], data: counts });
  return x.graph.add(padOp, [x, pads, x.graph.scalar(value)], { before, after });
}
