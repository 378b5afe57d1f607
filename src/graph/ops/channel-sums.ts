/**
 * ChannelSums: the sum over batch and positions for each channel, [N, C, H, W] → [C].
 *
 * Every summand has the gradient of its channel's sum: ∂/∂x = g throughout a channel.
 */
import type { OpDefinition, Value } from "../core/graph.ts";
import { imageShape, reducedShape } from "../core/shapes.ts";
import { reduceSum } from "./reduce-sum.ts";
import { reshape } from "./reshape.ts";

const AXES = [0, 2, 3] as const;

export const channelSumsOp: OpDefinition<null> = {
  type: "ChannelSums",
  infer: (inputs) => reducedShape("ChannelSums", inputs, AXES, true),
  onnx: { write: ([x]) => reduceSum(x!, AXES, true) },
  gradient: ({ inputs: [x], gradient }) => [
    () => reshape(gradient, [1, imageShape("ChannelSums", x!).c, 1, 1]),
  ],
};

export function channelSums(x: Value): Value {
  return x.graph.add(channelSumsOp, [x], null);
}
