import { type Array64, at, fill, range, sum } from "./array.ts";

type Image = readonly [number, number, number, number];

/** The values of the window at (i, j), without those that lie in the padding. */
function windowOf(
  x: Array64,
  [b, c, i, j]: Image,
  kernel: number,
  stride: number,
  padding: number,
): number[] {
  const [, , height, width] = x.shape as Image;
  return range(kernel).flatMap((u) =>
    range(kernel).flatMap((v) => {
      const [row, column] = [i * stride + u - padding, j * stride + v - padding];
      const isInside = row >= 0 && column >= 0 && row < height && column < width;
      return isInside ? [at(x, [b, c, row, column])] : [];
    }),
  );
}

function pooled({ shape }: Array64, kernel: number, stride: number, padding: number): number[] {
  const [n, c, h, w] = shape as Image;
  const extent = (size: number) => Math.floor((size + 2 * padding - kernel) / stride) + 1;
  return [n, c, extent(h), extent(w)];
}

/** The largest value of each window. */
export function maxPool(x: Array64, kernel: number, stride: number, padding: number): Array64 {
  return fill(pooled(x, kernel, stride, padding), (index) =>
    Math.max(...windowOf(x, index as unknown as Image, kernel, stride, padding)),
  );
}

/** The mean of each window. */
export function averagePool(x: Array64, kernel: number, stride: number): Array64 {
  return fill(
    pooled(x, kernel, stride, 0),
    (index) => sum(windowOf(x, index as unknown as Image, kernel, stride, 0)) / kernel ** 2,
  );
}

/** The mean of each channel's plane, as [N, C, 1, 1]. */
export function globalAveragePool(x: Array64): Array64 {
  const [n, c, h, w] = x.shape as Image;
  return fill([n, c, 1, 1], ([b, k]) =>
    sum(range(h).flatMap((i) => range(w).map((j) => at(x, [b!, k!, i, j]) / (h * w)))),
  );
}
