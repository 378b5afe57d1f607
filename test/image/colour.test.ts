import { expect, test } from "vitest";
import { cmykToRgb, commonChannel, luma, toEightBits } from "../../src/image/colour.ts";
import { fixtureJson, sha256 } from "../fixtures.ts";
import { pattern } from "./pattern.ts";

interface ColourCase {
  readonly name: string;
  readonly seed: number;
  readonly count: number;
  readonly first: readonly number[];
  readonly sha256: string;
}

const { cases } = fixtureJson<{ cases: ColourCase[] }>("image/colour.json");
const byName = (name: string): ColourCase => cases.find((item) => item.name === name)!;

test("luma equals PIL's convert of RGB to L in every bit", () => {
  const { seed, count, first, sha256: expected } = byName("luma");
  const grey = luma(pattern("noise", seed, count));
  expect([...grey.subarray(0, first.length)]).toEqual(first);
  expect(sha256(grey)).toBe(expected);
});

test("CMYK of every ink over every black equals PIL's convert to RGB", () => {
  const { first, sha256: expected } = byName("cmyk");
  const data = new Uint8Array(256 * 256 * 4);
  for (let i = 0; i < 65_536; i++) {
    const ink = i >> 8;
    data.set([ink, 255 - ink, ink ^ 0x55, i & 255], i * 4);
  }
  const rgb = cmykToRgb(data);
  expect([...rgb.subarray(0, first.length)]).toEqual(first);
  expect(sha256(rgb)).toBe(expected);
});

test("every 16-bit sample becomes the nearest of the 256 levels 0, 257, …, 65535", () => {
  const eight = toEightBits(Uint16Array.from({ length: 65_536 }, (_, value) => value));
  const wrong = eight.findIndex((level, value) => Math.abs(level * 257 - value) > 128);
  expect(wrong).toBe(-1);
  expect([eight[128], eight[129], eight[65_406], eight[65_407]]).toEqual([0, 1, 254, 255]);
});

test("three equal channels are one; a single coloured pixel keeps all three", () => {
  const grey = Uint8Array.of(7, 7, 7, 0, 0, 0, 255, 255, 255);
  expect(commonChannel(grey)).toEqual(Uint8Array.of(7, 0, 255));
  for (let i = 0; i < grey.length; i++) {
    expect(commonChannel(grey.with(i, grey[i]! ^ 1))).toBeUndefined();
  }
});
