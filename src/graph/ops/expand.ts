/** Expand: repeat x along its extents of 1 until it has `shape`. Used where one gradient stands for many equal ones. */
import { showShape } from "../../tensor.ts";
import { BACKWARD_ONLY, type OpDefinition, type Shape, type Value } from "../core/graph.ts";
import { misfit, take } from "../core/shapes.ts";

export interface ExpandAttributes {
  readonly shape: Shape;
}

const expandOp: OpDefinition<ExpandAttributes> = {
  type: "Expand",
  infer(inputs, { shape }) {
    const [x] = take("Expand", inputs, 2, "mixed");
    const fits =
      x!.shape.length === shape.length && x!.shape.every((dim, i) => dim === 1 || dim === shape[i]);
    if (!fits) throw misfit("Expand", `cannot become ${showShape(shape)}`, [x!]);
    return { dtype: x!.dtype, shape };
  },
  onnx: () => ({}),
  gradient: BACKWARD_ONLY,
};

/** Repeat x to `shape`. An extent known only at run time must already be x's own. */
export function expand(x: Value, shape: Shape): Value {
  if (showShape(x.shape) === showShape(shape)) return x;
  // In ONNX both shapes broadcast to each other, so that 1 leaves an extent as it is.
  const extents = BigInt64Array.from(shape, (dim) => BigInt(typeof dim === "number" ? dim : 1));
  const target = x.graph.constant({ dtype: "int64", shape: [shape.length], data: extents });
  return x.graph.add(expandOp, [x, target], { shape });
}
