/**
 * Col2Im: what each place of each window gives back to the image, summed where windows overlap.
 *
 * Row p of the image is reached by place u of window i where p = i·stride + u − padding. Rows with the same
 * p mod stride, a phase, are reached by the same places, each shifted by a whole number of windows: so every phase is a
 * sum of shifted parts, and the image is the phases side by side.
 *
 * Knows:      shapes and ops.
 * Reference:  torch.nn.Fold; ONNX has Col2Im from opset 18 on, and for columns that were gathered before.
 */

import type { Value } from "../core/graph.ts";
import type { WindowAttributes } from "../core/window.ts";
import { add } from "./add.ts";
import { concat } from "./concat.ts";
import { depthToSpace } from "./depth-to-space.ts";
import { mul } from "./mul.ts";
import { pad } from "./pad.ts";

const modulo = (a: number, b: number): number => ((a % b) + b) % b;

/** Which phase place `u` reaches, and by how many windows it is shifted there. */
function landing(u: number, { stride, padding }: WindowAttributes): { phase: number; shift: number } {
  return { phase: modulo(u - padding, stride), shift: Math.floor((u - padding) / stride) };
}

/**
 * @param part    What place (u, v) gives, [N, C, H', W'], one element for each window.
 * @param size    Height and width of the image.
 * @returns       [N, C, H, W].
 */
export function col2im(
  part: (u: number, v: number) => Value,
  window: WindowAttributes,
  [height, width]: readonly [number, number],
): Value {
  const { kernel, stride } = window;
  const rows = Math.ceil(height / stride);
  const columns = Math.ceil(width / stride);
  const phases: (Value | undefined)[] = new Array(stride ** 2).fill(undefined);
  for (let u = 0; u < kernel; u++) {
    for (let v = 0; v < kernel; v++) {
      const [row, column] = [landing(u, window), landing(v, window)];
      const value = part(u, v);
      const [h, w] = value.shape.slice(2) as [number, number];
      const before = [0, 0, row.shift, column.shift];
      const shifted = pad(value, before, [0, 0, rows - h - row.shift, columns - w - column.shift]);
      const at = row.phase * stride + column.phase;
      const sum = phases[at];
      phases[at] = sum === undefined ? shifted : add(sum, shifted);
    }
  }
  // A window shorter than its stride leaves places that nothing reaches.
  const reached = phases.find((phase) => phase !== undefined)!;
  const [first, ...others] = phases.map((phase) => phase ?? mul(reached, reached.graph.scalar(0)));
  const image = depthToSpace(concat([first!, ...others], 1), stride);
  const spare = [0, 0, height - rows * stride, width - columns * stride];
  return pad(image, [0, 0, 0, 0], spare);
}
