import { type Array64, at, fill } from "./array.ts";

/** f at every element. */
export function map(x: Array64, f: (value: number) => number): Array64 {
  return fill(x.shape, (index) => f(at(x, index)));
}

export const relu = (x: Array64): Array64 => map(x, (value) => Math.max(value, 0));

export const sigmoid = (x: Array64): Array64 => map(x, (value) => 1 / (1 + Math.exp(-value)));

/** f of two arrays by NumPy's rule: axes are aligned at the end, and an extent of 1 (or none) is repeated. */
export function broadcast(a: Array64, b: Array64, f: (a: number, b: number) => number): Array64 {
  const rank = Math.max(a.shape.length, b.shape.length);
  const extent = ({ shape }: Array64, axis: number) => shape[axis - rank + shape.length] ?? 1;
  const shape = Array.from({ length: rank }, (_, axis) => Math.max(extent(a, axis), extent(b, axis)));
  const pick = (x: Array64, index: readonly number[]) =>
    at(
      x,
      x.shape.map((size, axis) => (size === 1 ? 0 : index[axis + rank - x.shape.length]!)),
    );
  return fill(shape, (index) => f(pick(a, index), pick(b, index)));
}

/** ln(1 + eˣ), as max(x, 0) + ln(1 + e^−|x|). */
export const softplus = (x: Array64): Array64 =>
  map(x, (value) => Math.max(value, 0) + Math.log1p(Math.exp(-Math.abs(value))));

/** e^x over its sum along the last axis. */
export const softmax = (x: Array64): Array64 =>
  fill(x.shape, (index) => {
    const row = Array.from({ length: x.shape.at(-1)! }, (_, i) => at(x, [...index.slice(0, -1), i]));
    const most = Math.max(...row);
    const total = row.reduce((sum, value) => sum + Math.exp(value - most), 0);
    return Math.exp(at(x, index) - most) / total;
  });
