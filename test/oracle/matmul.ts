import { type Array64, at, fill, range, sum } from "./array.ts";

/** y[n,m] = Σ_k x[n,k] · weight[m,k] + bias[m]. */
export function gemm(x: Array64, weight: Array64, bias: Array64): Array64 {
  const [n, k] = x.shape as [number, number];
  return fill(
    [n, weight.shape[0]!],
    ([i, m]) => sum(range(k).map((l) => at(x, [i!, l]) * at(weight, [m!, l]))) + bias.data[m!]!,
  );
}

/** y[…,i,j] = Σ_k a[…,i,k] · b[…,k,j]; leading extents are repeated where one is 1 or missing. */
export function matmul(a: Array64, b: Array64): Array64 {
  const rank = Math.max(a.shape.length, b.shape.length);
  const padded = (x: Array64): Array64 => ({
    ...x,
    shape: [...Array<number>(rank - x.shape.length).fill(1), ...x.shape],
  });
  const [left, right] = [padded(a), padded(b)];
  const lead = range(rank - 2).map((axis) => Math.max(left.shape[axis]!, right.shape[axis]!));
  const clamp = (x: Array64, batch: readonly number[]) =>
    batch.map((i, axis) => Math.min(i, x.shape[axis]! - 1));
  return fill([...lead, left.shape.at(-2)!, right.shape.at(-1)!], (index) => {
    const [batch, i, j] = [index.slice(0, -2), index.at(-2)!, index.at(-1)!];
    return sum(
      range(left.shape.at(-1)!).map(
        (k) => at(left, [...clamp(left, batch), i, k]) * at(right, [...clamp(right, batch), k, j]),
      ),
    );
  });
}
