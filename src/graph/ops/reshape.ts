/**
 * Reshape: the same elements, in C order, under another shape. Only the first extent may be unknown.
 *
 * ∂/∂x is g in the shape of x.
 */
import { showShape } from "../../tensor.ts";
import type { Dim, OpDefinition, Shape, Value } from "../core/graph.ts";
import { misfit, take } from "../core/shapes.ts";

export interface ReshapeAttributes {
  readonly shape: Shape;
}

/** The first extent, and the product of the others, which must be known. */
function split(shape: Shape): { first: Dim; rest: number } {
  const [first = 1, ...others] = shape;
  let rest = 1;
  for (const dim of others) rest *= typeof dim === "number" ? dim : Number.NaN;
  return { first, rest };
}

export const reshapeOp: OpDefinition<ReshapeAttributes> = {
  type: "Reshape",
  infer(inputs, { shape }) {
    const [x] = take("Reshape", inputs, 2, "mixed");
    const [from, to] = [split(x!.shape), split(shape)];
    const fits =
      typeof from.first === "number" && typeof to.first === "number"
        ? from.first * from.rest === to.first * to.rest
        : from.first === to.first && from.rest === to.rest;
    const isValid = shape.every((dim) => typeof dim === "string" || (Number.isInteger(dim) && dim >= 0));
    if (!fits || !isValid) throw misfit("Reshape", `cannot become ${showShape(shape)}`, [x!]);
    return { dtype: x!.dtype, shape };
  },
  onnx: () => ({}),
  gradient: ({ inputs: [x], output, gradient }) => [
    // A gradient may have a batch of its own when several are followed through one image at once.
    () => {
      const hasOwnBatch = gradient.shape[0] !== output.shape[0];
      return reshape(gradient, hasOwnBatch ? x!.shape.with(0, gradient.shape[0]!) : x!.shape);
    },
  ],
};

/** Reshape. A first extent given by name stays what it is at run time. Successive reshapes are merged into one. */
export function reshape(value: Value, shape: Shape): Value {
  const before = value.graph.makerOf(value);
  const isFixed = shape.every((dim) => typeof dim === "number");
  const x = isFixed && before?.type === reshapeOp.type ? before.inputs[0]! : value;
  // In ONNX, 0 copies the extent of the input.
  const extents = BigInt64Array.from(shape, (dim) => BigInt(typeof dim === "number" ? dim : 0));
  const target = x.graph.constant({ dtype: "int64", shape: [shape.length], data: extents });
  return x.graph.add(reshapeOp, [x, target], { shape });
}
