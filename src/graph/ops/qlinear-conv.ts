/**
 * QLinearConv: a convolution of codes by codes into codes, computed in whole numbers.
 *
 * A uint8 code q of the image stands for s·q, an int8 code of output channel m's weights for w[m]·q, and the bias counts
 * in s·w[m]. With the sum over window and channels in int32:
 *
 * y[n,m,i,j] = clamp(round((Σ x·weight + bias[m]) · s·w[m] / t), 0, 255), halves rounded to even, t the output's scale.
 *
 * All zero points are 0, so that the clamp is also a ReLU and padding is the number 0. With `groups`, channels are
 * divided into as many groups, each of which is convolved on its own; with as many groups as channels, each channel is.
 */

import type { OpDefinition, Value } from "../core/graph.ts";
import { imageShape, misfit, take, windowShape } from "../core/shapes.ts";
import { type WindowAttributes, windowAttributes } from "../core/window.ts";

interface QLinearConvAttributes extends WindowAttributes {
  readonly groups: number;
}

const qlinearConvOp: OpDefinition<QLinearConvAttributes> = {
  type: "QLinearConv",
  infer(inputs, attributes) {
    const [x, scale, zero, weight, scales, weightZero, outScale, outZero, bias] = take(
      "QLinearConv",
      inputs,
      9,
      "mixed",
    );
    const [m, perGroup, kh, kw] = weight!.shape;
    const { kernel, groups } = attributes;
    const { c } = imageShape("QLinearConv", x!);
    const dtypes = inputs.map(({ dtype }) => dtype).join();
    if (dtypes !== "uint8,float32,uint8,int8,float32,int8,float32,uint8,int32") {
      throw misfit(
        "QLinearConv",
        "needs uint8 images, int8 weights, an int32 bias and float32 scales",
        inputs,
      );
    }
    if (weight!.shape.length !== 4 || kh !== kernel || kw !== kernel) {
      throw misfit("QLinearConv", `the weight must be [M, C, ${kernel}, ${kernel}]`, inputs);
    }
    if (Number(perGroup) * groups !== c || Number(m) % groups !== 0) {
      throw misfit("QLinearConv", `image and weight differ in channels, in ${groups} groups`, inputs);
    }
    if ([scale, zero, weightZero, outScale, outZero].some((scalar) => scalar!.shape.length > 0)) {
      throw misfit("QLinearConv", "the scales of the images and all zero points must be scalars", inputs);
    }
    if ([scales, bias].some((one) => one!.shape.length !== 1 || one!.shape[0] !== m)) {
      throw misfit("QLinearConv", `needs a scale and a bias for each of ${m} outputs`, inputs);
    }
    const { n, h, w } = windowShape("QLinearConv", x!, attributes);
    return { dtype: "uint8", shape: [n, m!, h, w] };
  },
  onnx: ({ groups, ...window }) => ({ ...windowAttributes(window), group: groups }),
  gradient: { noGradient: "rounding is flat wherever it has a slope" },
};

/** Codes of an image with their scale, a scalar: `scale` · `codes`. */
export interface Quantised {
  readonly codes: Value;
  readonly scale: Value;
}

/** The codes of a convolution's weights, [M, C / groups, k, k], their scales, [M], and the bias in codes, [M]. */
export interface QuantisedKernel {
  readonly weight: Value;
  readonly scales: Value;
  readonly bias: Value;
}

/** How the window moves; by default with stride 1 and without padding, over all channels. */
export interface QLinearWindow {
  readonly stride?: number;
  readonly padding?: number;
  readonly groups?: number;
}

/** Convolve codes, and return codes of `scale`. */
export function qlinearConv(
  { codes: x, scale }: Quantised,
  { weight, scales, bias }: QuantisedKernel,
  outScale: Value,
  { stride = 1, padding = 0, groups = 1 }: QLinearWindow = {},
): Quantised {
  const { graph } = x;
  const kernel = weight.shape[2];
  if (typeof kernel !== "number")
    throw misfit("QLinearConv", "the weight's extents must be known", [x, weight]);
  const zero = graph.constant({ dtype: "uint8", shape: [], data: new Uint8Array(1) });
  const weightZero = graph.constant({ dtype: "int8", shape: [], data: new Int8Array(1) });
  const inputs = [x, scale, zero, weight, scales, weightZero, outScale, zero, bias];
  return { codes: graph.add(qlinearConvOp, inputs, { kernel, stride, padding, groups }), scale: outScale };
}
