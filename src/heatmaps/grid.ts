/**
 * Maps as grids of cells that can be brought to a common size and fused.
 *
 * Knows: numbers.
 */

import { upsample } from "./upsample.ts";

/** One map. */
export interface Grid {
  /** height × width, C order, 0 or more. */
  readonly data: ArrayLike<number>;
  readonly height: number;
  readonly width: number;
}

/** How maps are fused: each becomes a part of height × width values, and the parts are combined. */
export interface Fusion {
  /** What a map contributes, C order, 0 to 1. */
  readonly part: (map: Grid, height: number, width: number) => Float64Array;
  /** One map of at least one part, all of the same size; 0 to 1. */
  readonly combine: (parts: readonly Float64Array[]) => Float64Array;
}

/** A map at another size, interpolated bilinearly. */
export const resized = ({ data, height, width }: Grid, rows: number, columns: number): Float64Array =>
  height === rows && width === columns
    ? Float64Array.from(data)
    : upsample(data, height, width, rows, columns);

/** A map divided by its largest value; all 0 if that is 0. */
export function overMaximum({ data, height, width }: Grid): Grid {
  let top = 0;
  for (let i = 0; i < data.length; i++) top = Math.max(top, data[i]!);
  return { data: Float64Array.from(data, (value) => (top > 0 ? value / top : 0)), height, width };
}

/** Combine parts place by place. */
export function placeByPlace(
  parts: readonly Float64Array[],
  both: (a: number, b: number) => number,
): Float64Array {
  const [first, ...others] = parts;
  const out = first!.slice();
  for (const part of others) for (let i = 0; i < out.length; i++) out[i] = both(out[i]!, part[i]!);
  return out;
}
