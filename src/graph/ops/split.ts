/**
 * Split: take a tensor apart along one axis, into one output per part. The inverse of Concat.
 *
 * ∂/∂x is the parts' gradients joined, with 0 for a part that receives none.
 */
import type { MultiOpDefinition, Value } from "../core/graph.ts";
import { extentsOf, misfit, take } from "../core/shapes.ts";
import { concat } from "./concat.ts";
import { mul } from "./mul.ts";

export interface SplitAttributes {
  readonly axis: number;
  /** The parts' extents, which add up to that of the axis. */
  readonly extents: readonly number[];
}

export const splitOp: MultiOpDefinition<SplitAttributes> = {
  type: "Split",
  infer(inputs, { axis, extents }) {
    const [x] = take("Split", inputs, 2, "mixed");
    const whole = extents.reduce((sum, extent) => sum + extent, 0);
    const isValid = extents.length > 0 && extents.every((extent) => Number.isInteger(extent) && extent >= 1);
    if (!isValid || whole !== extentsOf("Split", x!, [axis])) {
      throw misfit("Split", `axis ${axis} does not consist of parts of ${extents.join(", ")}`, [x!]);
    }
    return extents.map((extent) => ({ dtype: x!.dtype, shape: x!.shape.with(axis, extent) }));
  },
  onnx: ({ axis }) => ({ axis }),
  gradient: ({ outputs, attributes: { axis }, gradients }) => [
    () => {
      const parts = outputs.map((output, i) => gradients[i] ?? mul(output, output.graph.scalar(0)));
      return concat(parts as [Value, ...Value[]], axis);
    },
  ],
};

/** Take x apart along `axis`, starting at its beginning. */
export function split(x: Value, axis: number, extents: readonly number[]): readonly Value[] {
  const data = BigInt64Array.from(extents, BigInt);
  const list = x.graph.constant({ dtype: "int64", shape: [extents.length], data });
  return x.graph.addAll(splitOp, [x, list], { axis, extents });
}
