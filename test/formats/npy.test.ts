import { expect, test } from "vitest";
import { npyHeader } from "../../src/formats/npy.ts";
import { fixtureJson } from "../fixtures.ts";

const cases = fixtureJson<{ shape: number[]; dict: string }[]>("tensor/npy.json");

test.each(cases)("the .npy header of shape $shape says what NumPy's says", ({ shape, dict }) => {
  const header = npyHeader(shape);
  expect([...header.subarray(0, 8)]).toEqual([0x93, ...Buffer.from("NUMPY"), 1, 0]);
  const text = new TextDecoder().decode(header.subarray(10));
  expect(text.trimEnd()).toBe(dict);
  // NumPy format 1.0: the elements begin at a multiple of 64, and the header's last byte is a line feed.
  expect(new DataView(header.buffer).getUint16(8, true)).toBe(text.length);
  expect(header.length % 64).toBe(0);
  expect(text.at(-1)).toBe("\n");
});
