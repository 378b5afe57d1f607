import { type Array64, at, fill } from "./array.ts";

/** The element at an index, and `outside` beyond the array. */
export function within(x: Array64, index: readonly number[], outside: number): number {
  return index.every((i, axis) => i >= 0 && i < x.shape[axis]!) ? at(x, index) : outside;
}

/** Axis i of the result is axis `order[i]` of x. */
export function transpose(x: Array64, order: readonly number[]): Array64 {
  return fill(
    order.map((axis) => x.shape[axis]!),
    (index) =>
      at(
        x,
        x.shape.map((_, axis) => index[order.indexOf(axis)]!),
      ),
  );
}

/** Repeated along extents of 1. */
export function expand(x: Array64, shape: readonly number[]): Array64 {
  return fill(shape, (index) =>
    at(
      x,
      index.map((i, axis) => (x.shape[axis] === 1 ? 0 : i)),
    ),
  );
}

/** Rows of `value` before and after each axis; negative counts cut off. */
export function pad(x: Array64, before: readonly number[], after: readonly number[], value = 0): Array64 {
  return fill(
    x.shape.map((extent, axis) => extent + before[axis]! + after[axis]!),
    (index) =>
      within(
        x,
        index.map((i, axis) => i - before[axis]!),
        value,
      ),
  );
}

/** Every `stride`th element from `start` of one axis, `count` of them. */
export function slice(x: Array64, axis: number, start: number, count: number, stride = 1): Array64 {
  return fill(x.shape.with(axis, count), (index) => at(x, index.with(axis, start + index[axis]! * stride)));
}

/** The same elements in C order. */
export function reshape({ data }: Array64, shape: readonly number[]): Array64 {
  return { shape, data };
}

/** y[n, c·k² + u·k + v, i, j] = x[n, c, i·stride + u − padding, j·stride + v − padding], 0 outside. */
export function unfold(x: Array64, kernel: number, stride: number, padding: number, mirrored = false) {
  const [n, c, h, w] = x.shape as [number, number, number, number];
  const extent = (size: number) => Math.floor((size + 2 * padding - kernel) / stride) + 1;
  return fill([n, c * kernel ** 2, extent(h), extent(w)], ([b, row, i, j]) => {
    const place = mirrored ? kernel ** 2 - 1 - (row! % kernel ** 2) : row! % kernel ** 2;
    const [u, v] = [Math.floor(place / kernel), place % kernel];
    const channel = Math.floor(row! / kernel ** 2);
    return within(x, [b!, channel, i! * stride + u - padding, j! * stride + v - padding], 0);
  });
}

/** y[n, c, s·i + a, s·j + b] = x[n, (a·s + b)·C + c, i, j]. */
export function depthToSpace(x: Array64, s: number): Array64 {
  const [n, channels, h, w] = x.shape as [number, number, number, number];
  const c = channels / s ** 2;
  return fill([n, c, h * s, w * s], ([b, k, row, column]) => {
    const block = (row! % s) * s + (column! % s);
    return at(x, [b!, block * c + k!, Math.floor(row! / s), Math.floor(column! / s)]);
  });
}
