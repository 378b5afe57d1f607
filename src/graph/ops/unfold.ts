/**
 * Unfold: the windows of an image as channels, [N, C, H, W] → [N, C·k², H', W'] (im2col).
 *
 * y[n, c·k² + u·k + v, i, j] = x[n, c, i·stride + u − padding, j·stride + v − padding], 0 outside; `mirrored` counts u
 * and v from the window's other end.
 *
 * In ONNX a convolution of each channel with k² kernels that have a single 1: no other op copies windows as fast.
 * Reference: torch.nn.Unfold.
 */
import { BACKWARD_ONLY, type OpDefinition, type Value } from "../graph.ts";
import { imageShape, take, windowShape } from "../shapes.ts";
import { type WindowAttributes, windowAttributes } from "../window.ts";

export interface UnfoldAttributes extends WindowAttributes {
  readonly channels: number;
}

export const unfoldOp: OpDefinition<UnfoldAttributes> = {
  type: "Conv",
  infer(inputs, attributes) {
    const [x] = take("Conv", inputs, 2);
    const { n, c, h, w } = windowShape("Conv", x!, attributes);
    return { dtype: x!.dtype, shape: [n, c * attributes.kernel ** 2, h, w] };
  },
  onnx: (attributes) => ({ ...windowAttributes(attributes), group: attributes.channels }),
  gradient: BACKWARD_ONLY,
};

/** The kernels: one for each place in the window, for each channel. */
function kernels(channels: number, kernel: number, mirrored: boolean): Float32Array {
  const places = kernel ** 2;
  const data = new Float32Array(channels * places * places);
  for (let i = 0; i < channels * places; i++) {
    const place = i % places;
    data[i * places + (mirrored ? places - 1 - place : place)] = 1;
  }
  return data;
}

export function unfold(x: Value, window: WindowAttributes, mirrored = false): Value {
  const { c: channels } = imageShape("Conv", x);
  const { kernel } = window;
  const weight = x.graph.constant({
    dtype: "float32",
    shape: [channels * kernel ** 2, 1, kernel, kernel],
    data: kernels(channels, kernel, mirrored),
  });
  return x.graph.add(unfoldOp, [x, weight], { ...window, channels });
}
