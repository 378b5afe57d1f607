/**
 * Col2Im: put the positions of all windows back into the image, summing where windows overlap.
 *
 * Position u of window i reaches row p of the image where p = i·stride + u − padding. Rows with the same p mod stride,
 * a phase, are reached by the same positions, each shifted by a whole number of windows. So every phase is a sum of
 * shifted parts, and the image is its phases interleaved.
 *
 * Knows:      shapes and ops.
 * Reference:  torch.nn.Fold. ONNX has Col2Im only from opset 18 on, and only for columns that have been gathered first.
 */

import type { Value } from "../core/graph.ts";
import type { WindowAttributes } from "../core/window.ts";
import { add } from "./add.ts";
import { concat } from "./concat.ts";
import { depthToSpace } from "./depth-to-space.ts";
import { mul } from "./mul.ts";
import { pad } from "./pad.ts";

const modulo = (a: number, b: number): number => ((a % b) + b) % b;

/** The phase that position `u` reaches, and by how many windows it is shifted there. */
function landing(u: number, { stride, padding }: WindowAttributes): { phase: number; shift: number } {
  return { phase: modulo(u - padding, stride), shift: Math.floor((u - padding) / stride) };
}

/**
 * Build the image.
 *
 * @param part    Returns what position (u, v) of the windows contributes, [N, C, H', W'], one element per window.
 * @param size    Height and width of the image.
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
  // A window shorter than its stride leaves positions that nothing reaches.
  const reached = phases.find((phase) => phase !== undefined)!;
  const [first, ...others] = phases.map((phase) => phase ?? mul(reached, reached.graph.scalar(0)));
  const image = depthToSpace(concat([first!, ...others], 1), stride);
  const spare = [0, 0, height - rows * stride, width - columns * stride];
  return pad(image, [0, 0, 0, 0], spare);
}
