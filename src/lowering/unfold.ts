/**
 * Unfold as a convolution of each channel with k² kernels that contain a single 1. No other op of ONNX Runtime's CPU
 * kernels copies windows as fast.
 */

import type { OpDefinition, Value } from "../graph/core/graph.ts";
import { imageShape, take, windowShape } from "../graph/core/shapes.ts";
import { type WindowAttributes, windowAttributes } from "../graph/core/window.ts";
import { unfoldOp } from "../graph/ops/unfold.ts";
import { AFTER_GRADIENTS, lowering } from "./lowering.ts";

interface GroupedAttributes extends WindowAttributes {
  readonly channels: number;
}

const groupedConvOp: OpDefinition<GroupedAttributes> = {
  type: "Conv",
  infer(inputs, attributes) {
    const [x] = take("Conv", inputs, 2);
    const { n, c, h, w } = windowShape("Conv", x!, attributes);
    return { dtype: x!.dtype, shape: [n, c * attributes.kernel ** 2, h, w] };
  },
  onnx: (attributes) => ({ ...windowAttributes(attributes), group: attributes.channels }),
  gradient: AFTER_GRADIENTS,
};

/** The kernels: one per channel and position in the window. */
function kernels(x: Value, channels: number, kernel: number, mirrored: boolean): Value {
  const places = kernel ** 2;
  const data = new Float32Array(channels * places * places);
  for (let i = 0; i < channels * places; i++) {
    const place = i % places;
    data[i * places + (mirrored ? places - 1 - place : place)] = 1;
  }
  return x.graph.constant({ dtype: "float32", shape: [channels * places, 1, kernel, kernel], data });
}

export const unfoldLowering = lowering(unfoldOp, ([x], { kernel, stride, padding, mirrored }) => {
  const { c: channels } = imageShape("Conv", x!);
  const weight = kernels(x!, channels, kernel, mirrored);
  return x!.graph.add(groupedConvOp, [x!, weight], { kernel, stride, padding, channels });
});
