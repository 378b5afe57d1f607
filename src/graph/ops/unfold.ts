/**
 * Unfold: the windows of an image as channels, [N, C, H, W] → [N, C·k², H', W'] (im2col).
 *
 * y[n, c·k² + u·k + v, i, j] = x[n, c, i·stride + u − padding, j·stride + v − padding], and 0 outside the image. With
 * `mirrored`, u and v are counted from the window's other end.
 *
 * Reference: torch.nn.Unfold.
 */
import { BACKWARD_ONLY, type OpDefinition, type Value } from "../core/graph.ts";
import { take, windowShape } from "../core/shapes.ts";
import type { WindowAttributes } from "../core/window.ts";
import { concat } from "./concat.ts";
import { pad } from "./pad.ts";
import { reshape } from "./reshape.ts";
import { slice } from "./slice.ts";

export interface UnfoldAttributes extends WindowAttributes {
  readonly mirrored: boolean;
}

/** One slice per position of the window, [N, C, 1, H'·W'], side by side. */
function placesBesideEachOther(x: Value, attributes: UnfoldAttributes): Value {
  const { kernel, stride, padding, mirrored } = attributes;
  const { n, c, h, w } = windowShape("Unfold", x, attributes);
  const around = [0, 0, padding, padding];
  const padded = pad(x, around, around);
  const places = Array.from({ length: kernel ** 2 }, (_, place) => {
    const at = mirrored ? kernel ** 2 - 1 - place : place;
    const [top, left] = [Math.floor(at / kernel), at % kernel];
    const values = slice(padded, [
      { axis: 2, start: top, end: top + (h - 1) * stride + 1, stride },
      { axis: 3, start: left, end: left + (w - 1) * stride + 1, stride },
    ]);
    return reshape(values, [n, c, 1, h * w]);
  });
  return reshape(concat(places as [Value, ...Value[]], 2), [n, c * kernel ** 2, h, w]);
}

export const unfoldOp: OpDefinition<UnfoldAttributes> = {
  type: "Unfold",
  infer(inputs, attributes) {
    const [x] = take("Unfold", inputs, 1);
    const { n, c, h, w } = windowShape("Unfold", x!, attributes);
    return { dtype: x!.dtype, shape: [n, c * attributes.kernel ** 2, h, w] };
  },
  onnx: { write: ([x], attributes) => placesBesideEachOther(x!, attributes) },
  gradient: BACKWARD_ONLY,
};

export function unfold(x: Value, { kernel, stride, padding }: WindowAttributes, mirrored = false): Value {
  return x.graph.add(unfoldOp, [x], { kernel, stride, padding, mirrored });
}
