/**
 * ScaleShift: one factor and one summand per channel of [N, C, H, W], y = x · scale + shift, both of shape [C].
 *
 * ∂/∂x = g · scale, ∂/∂scale = Σ g · x, ∂/∂shift = Σ g, with sums over batch and positions.
 */
import type { OpDefinition, Value } from "../core/graph.ts";
import { imageShape, misfit, take } from "../core/shapes.ts";
import { add } from "./add.ts";
import { channelSums } from "./channel-sums.ts";
import { mul } from "./mul.ts";
import { reshape } from "./reshape.ts";

/** [C] → [1, C, 1, 1], which broadcasts to every position of every image. */
const perChannel = (vector: Value): Value => reshape(vector, [1, vector.shape[0]!, 1, 1]);

export const scaleShiftOp: OpDefinition<null> = {
  type: "ScaleShift",
  infer(inputs) {
    const [x, scale, shift] = take("ScaleShift", inputs, 3);
    const { c } = imageShape("ScaleShift", x!);
    if (scale!.shape.join() !== `${c}` || shift!.shape.join() !== `${c}`) {
      throw misfit("ScaleShift", `needs ${c} factors and summands`, inputs);
    }
    return x!;
  },
  onnx: { write: ([x, scale, shift]) => add(mul(x!, perChannel(scale!)), perChannel(shift!)) },
  gradient: ({ inputs: [x, scale], gradient }) => [
    () => mul(gradient, perChannel(scale!)),
    () => channelSums(mul(gradient, x!)),
    () => channelSums(gradient),
  ],
};

export function scaleShift(x: Value, scale: Value, shift: Value): Value {
  return x.graph.add(scaleShiftOp, [x, scale, shift], null);
}
