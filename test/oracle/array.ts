/** Float64 arrays with a shape, and iteration over their indices: the oracle's only tools. */

export interface Array64 {
  readonly shape: readonly number[];
  /** C order. */
  readonly data: Float64Array;
}

/** Every index of a shape, in C order; `[]` once for a scalar. */
export function* indices(shape: readonly number[]): Generator<number[]> {
  if (shape.length === 0) {
    yield [];
    return;
  }
  for (let i = 0; i < shape[0]!; i++) for (const rest of indices(shape.slice(1))) yield [i, ...rest];
}

/** The element at an index. */
export function at({ shape, data }: Array64, index: readonly number[]): number {
  let offset = 0;
  for (const [axis, extent] of shape.entries()) offset = offset * extent + index[axis]!;
  return data[offset]!;
}

/** The array whose element at each index is `element(index)`. */
export function fill(shape: readonly number[], element: (index: number[]) => number): Array64 {
  return { shape, data: Float64Array.from(indices(shape), element) };
}

/** 0, 1, … count − 1. */
export function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}

export function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
