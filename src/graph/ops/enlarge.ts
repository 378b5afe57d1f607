/**
 * Enlarge: repeat every position of an image, [N, C, H, W] → [N, C, s·H, s·W].
 *
 * y[n, c, i, j] = x[n, c, ⌊i / s⌋, ⌊j / s⌋]. It is the gradient of a mean over windows that do not overlap, up to a factor.
 */
import { BACKWARD_ONLY, type OpDefinition, type Value } from "../core/graph.ts";
import { imageShape, take } from "../core/shapes.ts";

export interface EnlargeAttributes {
  readonly factor: number;
}

const enlargeOp: OpDefinition<EnlargeAttributes> = {
  type: "Resize",
  infer(inputs, { factor }) {
    const [x] = take("Resize", inputs, 3);
    const { n, c, h, w } = imageShape("Resize", x!);
    return { dtype: x!.dtype, shape: [n, c, h * factor, w * factor] };
  },
  onnx: () => ({
    mode: "nearest",
    nearest_mode: "floor",
    coordinate_transformation_mode: "asymmetric",
  }),
  gradient: BACKWARD_ONLY,
};

/** Repeat every position `factor` times along both axes. @param factor  A whole number, 1 or more. */
export function enlarge(x: Value, factor: number): Value {
  if (factor === 1) return x;
  const { graph } = x;
  const vector = (...numbers: number[]) =>
    graph.constant({ dtype: "float32", shape: [numbers.length], data: Float32Array.from(numbers) });
  // ONNX's operator also takes a region of interest, which is empty here.
  return graph.add(enlargeOp, [x, vector(), vector(1, 1, factor, factor)], { factor });
}

/** What a value is an enlargement of, and by which factor; undefined if it is none. */
export function enlargedFrom(value: Value): { readonly small: Value; readonly factor: number } | undefined {
  const maker = value.graph.makerOf(value);
  const small = maker?.type === enlargeOp.type ? maker.inputs[0]! : undefined;
  return small && { small, factor: (value.shape[2] as number) / (small.shape[2] as number) };
}
