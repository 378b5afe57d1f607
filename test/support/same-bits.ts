/** Compares large arrays: `toEqual` looks at each element by itself, which takes a second for a picture. */

import { expect } from "vitest";
import { bytesOf } from "../../src/tensor.ts";

/** Expect two arrays of one type to hold the same bits. */
export function expectSameBits(actual: ArrayBufferView, expected: ArrayBufferView, what?: string): void {
  expect([actual.constructor.name, actual.byteLength], what).toEqual([
    expected.constructor.name,
    expected.byteLength,
  ]);
  const [ours, theirs] = [bytesOf(actual), bytesOf(expected)];
  if (Buffer.compare(ours, theirs) === 0) return;
  const at = ours.findIndex((byte, i) => byte !== theirs[i]);
  expect({ byte: at, value: ours[at] }, what).toEqual({ byte: at, value: theirs[at] });
}
