/** Mirror: reverse the order along some axes, y[…, i, …] = x[…, extent − 1 − i, …]. */
import { BACKWARD_ONLY, type OpDefinition, type Value } from "../core/graph.ts";
import { extentsOf, take } from "../core/shapes.ts";

export interface MirrorAttributes {
  readonly axes: readonly number[];
}

/** Before the first element of an axis of any length. */
const BEFORE_FIRST = -(2n ** 31n);

const mirrorOp: OpDefinition<MirrorAttributes> = {
  type: "Slice",
  infer(inputs, { axes }) {
    const [x] = take("Slice", inputs, 5, "mixed");
    extentsOf("Slice", x!, axes);
    return { dtype: x!.dtype, shape: x!.shape };
  },
  onnx: () => ({}),
  gradient: BACKWARD_ONLY,
};

/** Reverse x along `axes`, at least one. */
export function mirror(x: Value, axes: readonly number[]): Value {
  const list = (values: readonly bigint[]) =>
    x.graph.constant({ dtype: "int64", shape: [values.length], data: BigInt64Array.from(values) });
  const each = (value: bigint) => list(axes.map(() => value));
  return x.graph.add(mirrorOp, [x, each(-1n), each(BEFORE_FIRST), list(axes.map(BigInt)), each(-1n)], {
    axes,
  });
}
