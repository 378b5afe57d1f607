/** A convolution of codes in plain loops, in whole numbers until the end. */

/** Images [N, C, H, W] and weights [M, C / groups, k, k] in codes; scales and biases by output. */
export interface QLinearCase {
  readonly x: readonly number[];
  readonly w: readonly number[];
  readonly stride: number;
  readonly padding: number;
  readonly groups: number;
  readonly scale: number;
  readonly scales: Float32Array;
  readonly outScale: number;
  readonly bias: Int32Array;
}

/** The nearest whole number; halves go to the even one. */
export function halfEven(value: number): number {
  const floor = Math.floor(value);
  if (value - floor !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}

/** clamp(round((Σ x · w + bias) · scale · scales[m] / outScale), 0, 255) */
export function qlinearConv(
  row: QLinearCase,
  x: Uint8Array,
  w: Int8Array,
): { shape: number[]; data: Uint8Array } {
  const [n, c, height, width] = row.x as [number, number, number, number];
  const [m, perGroup, kernel] = row.w as [number, number, number];
  const { stride, padding, groups } = row;
  const extent = (size: number) => Math.floor((size + 2 * padding - kernel) / stride) + 1;
  const [rows, columns] = [extent(height), extent(width)];
  const data = new Uint8Array(n * m * rows * columns);
  let at = 0;
  for (let b = 0; b < n; b++)
    for (let o = 0; o < m; o++)
      for (let i = 0; i < rows; i++)
        for (let j = 0; j < columns; j++) {
          let sum = row.bias[o]!;
          for (let p = 0; p < perGroup; p++)
            for (let u = 0; u < kernel; u++)
              for (let v = 0; v < kernel; v++) {
                const [y, z] = [i * stride + u - padding, j * stride + v - padding];
                if (y < 0 || z < 0 || y >= height || z >= width) continue;
                const channel = Math.floor(o / (m / groups)) * perGroup + p;
                sum +=
                  x[((b * c + channel) * height + y) * width + z]! *
                  w[((o * perGroup + p) * kernel + u) * kernel + v]!;
              }
          const factor = Math.fround(Math.fround(row.scale * row.scales[o]!) / row.outScale);
          data[at++] = Math.max(0, Math.min(255, halfEven(Math.fround(Math.fround(sum) * factor))));
        }
  return { shape: [n, m, rows, columns], data };
}
