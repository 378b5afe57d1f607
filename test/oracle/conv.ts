import { type Array64, at, fill, indices, range, sum } from "./array.ts";

/** y[n,m,i,j] = Σ_c Σ_u Σ_v x[n, c, i·stride + u − padding, j·stride + v − padding] · w[m,c,u,v]; 0 outside of x. */
export function conv(x: Array64, w: Array64, stride: number, padding: number): Array64 {
  const [n, channels, height, width] = x.shape as [number, number, number, number];
  const [m, , kernel] = w.shape as [number, number, number];
  const extent = (size: number) => Math.floor((size + 2 * padding - kernel) / stride) + 1;
  const pixel = (b: number, c: number, i: number, j: number) =>
    i < 0 || j < 0 || i >= height || j >= width ? 0 : at(x, [b, c, i, j]);
  return fill([n, m, extent(height), extent(width)], ([b, o, i, j]) =>
    sum(
      range(channels).flatMap((c) =>
        range(kernel).flatMap((u) =>
          range(kernel).map(
            (v) => pixel(b!, c, i! * stride + u - padding, j! * stride + v - padding) * at(w, [o!, c, u, v]),
          ),
        ),
      ),
    ),
  );
}

/** Every x[n,m,i,j] · w[m,c,u,v], added to [n, c, i·stride + u − padding, j·stride + v − padding]. */
export function convTranspose(
  x: Array64,
  w: Array64,
  stride: number,
  padding: number,
  [height, width]: readonly [number, number],
): Array64 {
  const [n, m, rows, columns] = x.shape as [number, number, number, number];
  const [, channels, kernel] = w.shape as [number, number, number];
  const y = fill([n, channels, height, width], () => 0);
  for (const [b, o, i, j] of indices([n, m, rows, columns])) {
    for (const [c, u, v] of indices([channels, kernel, kernel])) {
      const [p, q] = [i! * stride + u! - padding, j! * stride + v! - padding];
      if (p < 0 || q < 0 || p >= height || q >= width) continue;
      y.data[((b! * channels + c!) * height + p) * width + q]! +=
        at(x, [b!, o!, i!, j!]) * at(w, [o!, c!, u!, v!]);
    }
  }
  return y;
}
