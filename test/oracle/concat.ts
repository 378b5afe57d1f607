import { type Array64, at, fill, sum } from "./array.ts";

/** The arrays joined along an axis. */
export function concat(arrays: readonly Array64[], axis: number): Array64 {
  const joined = sum(arrays.map(({ shape }) => shape[axis]!));
  return fill(arrays[0]!.shape.with(axis, joined), (index) => {
    let position = index[axis]!;
    for (const array of arrays) {
      const extent = array.shape[axis]!;
      if (position < extent) return at(array, index.with(axis, position));
      position -= extent;
    }
    throw new Error("beyond the last array");
  });
}
