/**
 * ConvTranspose: the gradient of a strided convolution's input, [N, M, H', W'] and [M, C, k, k] → [N, C, H, W].
 *
 * y[n,c,p,q] = Σ_m Σ_u Σ_v x[n, m, (p + padding − u) / stride, (q + padding − v) / stride] · w[m,c,u,v], over the
 * positions where the quotients are whole and within the image.
 */
import { BACKWARD_ONLY, type OpDefinition, type Value } from "../core/graph.ts";
import { imageShape, misfit, take, windowExtent } from "../core/shapes.ts";
import { type WindowAttributes, windowAttributes } from "../core/window.ts";

export interface ConvTransposeAttributes extends WindowAttributes {
  /** Height and width of the result, since several sizes have the same number of windows. */
  readonly size: readonly [number, number];
}

/** The number of rows and columns at the end that no window reaches. */
function outputPadding({ shape }: { shape: readonly unknown[] }, attributes: ConvTransposeAttributes) {
  const { kernel, stride, padding, size } = attributes;
  return size.map((extent, i) => extent - ((Number(shape[i + 2]) - 1) * stride + kernel - 2 * padding)) as [
    number,
    number,
  ];
}

const convTransposeOp: OpDefinition<ConvTransposeAttributes & { readonly rest: readonly number[] }> = {
  type: "ConvTranspose",
  infer(inputs, { kernel, stride, padding, size }) {
    const [x, weight] = take("ConvTranspose", inputs, 2);
    const { n, c: m, h, w } = imageShape("ConvTranspose", x!);
    const fits = [h, w].every((extent, i) => windowExtent(size[i]!, kernel, stride, padding) === extent);
    if (weight!.shape[0] !== m || !fits) {
      throw misfit("ConvTranspose", `cannot become ${size[0]}×${size[1]}`, inputs);
    }
    return { dtype: x!.dtype, shape: [n, weight!.shape[1]!, ...size] };
  },
  onnx: ({ rest, ...window }) => ({ ...windowAttributes(window), output_padding: rest }),
  gradient: BACKWARD_ONLY,
};

export function convTranspose(x: Value, weight: Value, attributes: ConvTransposeAttributes): Value {
  return x.graph.add(convTransposeOp, [x, weight], { ...attributes, rest: outputPadding(x, attributes) });
}
