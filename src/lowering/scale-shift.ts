/**
 * ScaleShift as a convolution of each channel with a 1 × 1 kernel, into which ONNX Runtime fuses a following ReLU: one
 * pass over the image instead of three.
 */

import type { Node, OpDefinition } from "../graph/core/graph.ts";
import { imageShape, misfit, take } from "../graph/core/shapes.ts";
import { reshape } from "../graph/ops/reshape.ts";
import { scaleShiftOp } from "../graph/ops/scale-shift.ts";
import { AFTER_GRADIENTS, lowering } from "./lowering.ts";

interface DepthwiseAttributes {
  readonly channels: number;
  /** Whether it repeats the computation of another node. */
  readonly isAgain?: boolean;
}

/** ONNX Runtime would merge equal nodes. Spelling out a default makes them differ and changes nothing else. */
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

/** A copy of a lowered ScaleShift, in a form that ONNX Runtime does not merge with the original. */
export function scaleShiftAgain(node: Node): Node {
  const attributes: DepthwiseAttributes = node.attributes;
  return { ...node, attributes: { ...attributes, isAgain: true } as never };
}
