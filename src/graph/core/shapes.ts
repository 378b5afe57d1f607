/**
 * Checks and shape arithmetic that the ops' shape rules share.
 *
 * Knows: shapes. Not ops.
 */

import { XrayError } from "../../errors.ts";
import { showShape } from "../../tensor.ts";
import type { Dim, Shape, ValueType } from "./graph.ts";

/** The error for inputs that do not fit an op. */
export function misfit(op: string, problem: string, inputs: readonly ValueType[]): XrayError {
  const shapes = inputs.map((input) => `${input.dtype}${showShape(input.shape)}`);
  return new XrayError("graph/shape-mismatch", `${op}: ${problem} (inputs ${shapes.join(", ")})`, {
    op,
    shapes: inputs.map((input) => input.shape),
  });
}

/** The inputs as a tuple of the length that the op takes. They must share one dtype unless `mixed` is given. */
export function take<const N extends number>(
  op: string,
  inputs: readonly ValueType[],
  count: N,
  dtype: "same" | "mixed" = "same",
): readonly ValueType[] {
  if (inputs.length !== count) throw misfit(op, `takes ${count} inputs, got ${inputs.length}`, inputs);
  const first = inputs[0]!.dtype;
  if (dtype === "same" && inputs.some((input) => input.dtype !== first)) {
    throw misfit(op, "inputs differ in dtype", inputs);
  }
  return inputs;
}

/** The extents of `[N, C, H, W]`; C, H and W must be known. */
export function imageShape(op: string, input: ValueType): { n: Dim; c: number; h: number; w: number } {
  const [n, c, h, w] = input.shape;
  if (input.shape.length !== 4 || typeof c !== "number" || typeof h !== "number" || typeof w !== "number") {
    throw misfit(op, "needs [N, C, H, W] with known C, H and W", [input]);
  }
  return { n: n!, c, h, w };
}

/**
 * Output extent of a sliding window, rounded down.
 *
 * @see torch.nn.Conv2d, torch.nn.MaxPool2d (ceil_mode=False): ⌊(size + 2·padding − kernel) / stride⌋ + 1.
 */
export function windowExtent(size: number, kernel: number, stride: number, padding: number): number {
  return Math.floor((size + 2 * padding - kernel) / stride) + 1;
}

/** The image's shape after a square window has moved over it. Throws if nothing is left. */
export function windowShape(
  op: string,
  input: ValueType,
  window: { kernel: number; stride: number; padding: number },
): { n: Dim; c: number; h: number; w: number } {
  const { n, c, h, w } = imageShape(op, input);
  const out = {
    n,
    c,
    h: windowExtent(h, window.kernel, window.stride, window.padding),
    w: windowExtent(w, window.kernel, window.stride, window.padding),
  };
  if (out.h < 1 || out.w < 1) {
    throw misfit(op, `a ${window.kernel}×${window.kernel} window does not fit into the image`, [input]);
  }
  return out;
}

/**
 * The shape that two operands broadcast to, by NumPy's rule. A named extent matches itself and 1.
 *
 * @param trailing  Number of axes at the end to ignore.
 */
export function broadcast(op: string, a: ValueType, b: ValueType, trailing = 0): Shape {
  const rank = Math.max(a.shape.length, b.shape.length) - trailing;
  const at = (shape: Shape, axis: number): Dim => shape[axis - (rank + trailing - shape.length)] ?? 1;
  return Array.from({ length: rank }, (_, axis) => {
    const [left, right] = [at(a.shape, axis), at(b.shape, axis)];
    if (left === right || right === 1) return left;
    if (left === 1) return right;
    throw misfit(op, "shapes do not broadcast", [a, b]);
  });
}

/** The type of one input after a reduction over `axes`, which stay as extents of 1 unless `drop` is set. */
export function reducedShape(
  op: string,
  inputs: readonly ValueType[],
  axes: readonly number[],
  drop = false,
): ValueType {
  const [x] = take(op, inputs, 1);
  if (axes.length === 0) throw misfit(op, "needs at least one axis", inputs);
  if (axes.some((axis) => x!.shape[axis] === undefined)) {
    throw misfit(op, `there is no axis ${axes.join(" or ")}`, inputs);
  }
  const shape = x!.shape.map((dim, axis) => (axes.includes(axis) ? 1 : dim));
  return { dtype: x!.dtype, shape: drop ? shape.filter((_, axis) => !axes.includes(axis)) : shape };
}

/** The number of elements along `axes`, whose extents must be known. */
export function extentsOf(op: string, x: ValueType, axes: readonly number[]): number {
  let product = 1;
  for (const axis of axes) {
    const extent = x.shape[axis];
    if (typeof extent !== "number") throw misfit(op, `the extent of axis ${axis} must be known`, [x]);
    product *= extent;
  }
  return product;
}

/** All extents, which must be known. */
export function knownShape(op: string, x: ValueType): readonly number[] {
  extentsOf(
    op,
    x,
    x.shape.map((_, axis) => axis),
  );
  return x.shape as readonly number[];
}
