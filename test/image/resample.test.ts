import { expect, test } from "vitest";
import { resizeBilinear } from "../../src/image/resample.ts";
import { fixtureJson, fromBase64, sha256 } from "../fixtures.ts";
import { type Pattern, pattern } from "./pattern.ts";

interface ResizeCase {
  readonly name: string;
  readonly kind: Pattern;
  readonly seed: number;
  readonly channels: 1 | 3;
  readonly from: readonly [number, number];
  readonly to: readonly [number, number];
  readonly base64?: string;
  readonly sha256: string;
}

const { cases } = fixtureJson<{ cases: ResizeCase[] }>("image/resize.json");

test.each(cases)("resizing equals PIL's bilinear in every bit: $name", (item) => {
  const [width, height] = item.from;
  const data = pattern(item.kind, item.seed, width * height * item.channels);
  const image = { width, height, channels: item.channels, data };
  const resized = resizeBilinear(image, item.to[0], item.to[1]);
  expect([resized.width, resized.height, resized.channels]).toEqual([...item.to, item.channels]);
  if (item.base64 !== undefined) expect([...resized.data]).toEqual([...fromBase64(item.base64)]);
  expect(sha256(resized.data)).toBe(item.sha256);
});

test("resizing leaves its input as it was", () => {
  const data = pattern("noise", 1, 30);
  resizeBilinear({ width: 6, height: 5, channels: 1, data }, 3, 2);
  expect([...data]).toEqual([...pattern("noise", 1, 30)]);
});
