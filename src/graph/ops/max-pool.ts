/**
 * MaxPool: the largest value of each window of [N, C, H, W]; padding never wins.
 *
 * The gradient of a window goes to its largest value; among equal ones, to the first in reading order, as in PyTorch.
 * So the positions of a window are visited in that order, and what one has taken is gone for the next.
 */

import type { OpDefinition, Value } from "../core/graph.ts";
import { imageShape, misfit, take, windowShape } from "../core/shapes.ts";
import { type WindowAttributes, windowAttributes } from "../core/window.ts";
import { cast } from "./cast.ts";
import { col2im } from "./col2im.ts";
import { equal } from "./equal.ts";
import { mul } from "./mul.ts";
import { pad } from "./pad.ts";
import { slice } from "./slice.ts";
import { sub } from "./sub.ts";
import { unfold } from "./unfold.ts";

/** Below every value of an image, and finite. */
const LOWEST = -3.4e38;

/**
 * The values at each position of the windows, in reading order, [N, C, H', W'] each.
 *
 * An image at stride s consists of s² images, its phases, over which windows move by one; a position is a shifted
 * phase. So the image is taken apart once, instead of being strided through for every position.
 */
function places(x: Value, y: Value, { kernel, stride, padding }: WindowAttributes): Value[] {
  const { c, h, w } = imageShape("MaxPool", x);
  const [height, width] = y.shape.slice(2) as [number, number];
  const end = (extent: number) => Math.ceil((extent + 2 * padding) / stride) * stride - extent - padding;
  const padded = pad(x, [0, 0, padding, padding], [0, 0, end(h), end(w)], LOWEST);
  const phases = stride === 1 ? padded : unfold(padded, { kernel: stride, stride, padding: 0 });
  return Array.from({ length: kernel ** 2 }, (_, place) => {
    const [u, v] = [Math.floor(place / kernel), place % kernel];
    const phase = (u % stride) * stride + (v % stride);
    const [top, left] = [Math.floor(u / stride), Math.floor(v / stride)];
    return slice(phases, [
      { axis: 1, start: phase, end: phase + (c - 1) * stride ** 2 + 1, stride: stride ** 2 },
      { axis: 2, start: top, end: top + height },
      { axis: 3, start: left, end: left + width },
    ]);
  });
}

/** The gradient that each position of the windows receives, in reading order. */
function shares(x: Value, y: Value, gradient: Value, window: WindowAttributes): Value[] {
  let left = gradient;
  return places(x, y, window).map((values) => {
    const taken = mul(left, cast(equal(values, y), "float32"));
    left = sub(left, taken);
    return taken;
  });
}

const maxPoolOp: OpDefinition<WindowAttributes> = {
  type: "MaxPool",
  infer(inputs, attributes) {
    const [x] = take("MaxPool", inputs, 1);
    if (attributes.padding * 2 > attributes.kernel) {
      throw misfit("MaxPool", "the padding is over half the window", inputs);
    }
    const { n, c, h, w } = windowShape("MaxPool", x!, attributes);
    return { dtype: x!.dtype, shape: [n, c, h, w] };
  },
  onnx: windowAttributes,
  gradient: ({ inputs: [x], output, attributes, gradient }) => [
    () => {
      const { h, w } = imageShape("MaxPool", x!);
      const parts = shares(x!, output, gradient, attributes);
      return col2im((u, v) => parts[u * attributes.kernel + v]!, attributes, [h, w]);
    },
  ],
};

export function maxPool(x: Value, window: WindowAttributes): Value {
  return x.graph.add(maxPoolOp, [x], window);
}
