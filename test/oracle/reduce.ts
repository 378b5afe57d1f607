import { type Array64, at, fill, indices, sum } from "./array.ts";

/** The sum over some axes, which stay as extents of 1. */
export function reduceSum(x: Array64, axes: readonly number[]): Array64 {
  const kept = x.shape.map((extent, axis) => (axes.includes(axis) ? 1 : extent));
  const reduced = x.shape.map((extent, axis) => (axes.includes(axis) ? extent : 1));
  return fill(kept, (index) => {
    const values = [...indices(reduced)].map((offset) =>
      at(
        x,
        index.map((i, axis) => i + offset[axis]!),
      ),
    );
    return sum(values);
  });
}

/** The mean over some axes, which stay as extents of 1. */
export function reduceMean(x: Array64, axes: readonly number[]): Array64 {
  const { shape, data } = reduceSum(x, axes);
  return { shape, data: data.map((total) => (total * data.length) / x.data.length) };
}
