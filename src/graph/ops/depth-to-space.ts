/**
 * DepthToSpace: move channels to positions, [N, s²·C, H, W] → [N, C, s·H, s·W].
 *
 * y[n, c, s·i + a, s·j + b] = x[n, (a·s + b)·C + c, i, j]
 */
import { BACKWARD_ONLY, type OpDefinition, type Value } from "../core/graph.ts";
import { imageShape, misfit, take } from "../core/shapes.ts";

export interface DepthToSpaceAttributes {
  readonly stride: number;
}

const depthToSpaceOp: OpDefinition<DepthToSpaceAttributes> = {
  type: "DepthToSpace",
  infer(inputs, { stride }) {
    const [x] = take("DepthToSpace", inputs, 1);
    const { n, c, h, w } = imageShape("DepthToSpace", x!);
    if (c % stride ** 2 !== 0) throw misfit("DepthToSpace", `${c} channels cannot be dealt out`, inputs);
    return { dtype: x!.dtype, shape: [n, c / stride ** 2, h * stride, w * stride] };
  },
  onnx: ({ stride }) => ({ blocksize: stride }),
  gradient: BACKWARD_ONLY,
};

export function depthToSpace(x: Value, stride: number): Value {
  return stride === 1 ? x : x.graph.add(depthToSpaceOp, [x], { stride });
}
