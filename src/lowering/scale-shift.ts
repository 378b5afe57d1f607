/**
 * ScaleShift as a convolution of each channel with a 1 × 1 kernel, into which ONNX Runtime fuses a ReLU that follows: one
 * pass over the image instead of three.
 */

import type { Node, OpDefinition } from "../graph/core/graph.ts";
import { imageShape, misfit, take } from "../graph/core/shapes.ts";
import { reshape } from "../graph/ops/reshape.ts";
import { scaleShiftOp } from "../graph/ops/scale-shift.ts";
import { AFTER_GRADIENTS, lowering } from "./lowering.ts";

interface DepthwiseAttributes {
  readonly channels: number;
  /** Whether it computes what another node has computed before. */
  readonly isAgain?: boolean;
}

/** ONNX Runtime would join equal nodes; spelling out a default makes them differ and changes nothing. */
const SPELT_OUT = { dilations: [1, 1] };

const depthwiseOp: OpDefinition<DepthwiseAttributes> = {
  type: "Conv",
  infer(inputs, { channels }) {
    const [x, scale, shift] = take("Conv", inputs, 3);
    if (scale!.shape.join() !== `${channels},1,1,1` || shift!.shape.join() !== `${channels}`) {
      throw misfit("Conv", `needs ${channels} factors and summands`, inputs);
    }
    return x!;
  },
  onnx: ({ channels, isAgain }) => ({
    kernel_shape: [1, 1],
    group: channels,
    ...(isAgain === true ? SPELT_OUT : {}),
  }),
  gradient: AFTER_GRADIENTS,
};

export const scaleShiftLowering = lowering(scaleShiftOp, ([x, scale, shift]) => {
  const { c: channels } = imageShape("Conv", x!);
  return x!.graph.add(depthwiseOp, [x!, reshape(scale!, [channels, 1, 1, 1]), shift!], { channels });
});

/** Whether a node is a lowered ScaleShift. */
export const isScaleShift = ({ op }: Node): boolean => op === depthwiseOp;

/** A lowered ScaleShift once more, in a form that ONNX Runtime does not join with the first. */
export function scaleShiftAgain(node: Node): Node {
  const attributes: DepthwiseAttributes = node.attributes;
  return { ...node, attributes: { ...attributes, isAgain: true } as never };
}
