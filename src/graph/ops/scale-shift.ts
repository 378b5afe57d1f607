/**
 * ScaleShift: a factor and a summand for each channel of [N, C, H, W], y = x · scale + shift, both of shape [C].
 *
 * ∂/∂x = g · scale, ∂/∂scale = Σ g · x, ∂/∂shift = Σ g, sums over batch and positions.
 *
 * In ONNX a convolution of each channel with a 1 × 1 kernel, into which ONNX Runtime fuses a ReLU that follows: one pass
 * over the image instead of three.
 */
import { BACKWARD_ONLY, type OpDefinition, type Value } from "../graph.ts";
import { imageShape, misfit, take } from "../shapes.ts";
import { mul } from "./mul.ts";
import { channelSums } from "./reduce-sum.ts";
import { reshape } from "./reshape.ts";

export interface ScaleShiftAttributes {
  readonly channels: number;
}

export const scaleShiftOp: OpDefinition<ScaleShiftAttributes> = {
  type: "Conv",
  infer(inputs, { channels }) {
    const [x, scale, shift] = take("Conv", inputs, 3);
    if (scale!.shape.join() !== `${channels},1,1,1` || shift!.shape.join() !== `${channels}`) {
      throw misfit("Conv", `needs ${channels} factors and summands`, inputs);
    }
    return x!;
  },
  onnx: ({ channels }) => ({ kernel_shape: [1, 1], group: channels }),
  // Its gradient is that of the step below, whose factors have the shape of the summands.
  gradient: BACKWARD_ONLY,
};

export function scaleShift(x: Value, scale: Value, shift: Value): Value {
  const { c: channels } = imageShape("Conv", x);
  if (scale.shape.join() !== `${channels}`) throw misfit("Conv", `needs ${channels} factors`, [x, scale]);
  const write = () =>
    [x.graph.add(scaleShiftOp, [x, reshape(scale, [channels, 1, 1, 1]), shift], { channels })] as const;
  const [y] = x.graph.composite("ScaleShift", [x, scale, shift], write, (_, [gradient]) => [
    () => mul(gradient!, reshape(scale, [1, channels, 1, 1])),
    () => channelSums(mul(gradient!, x)),
    () => channelSums(gradient!),
  ]);
  return y;
}
