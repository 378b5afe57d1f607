/** Erasing: SciPy's solutions, constants, ramps, and what must not change. */

import { describe, expect, test } from "vitest";
import { erase } from "../../src/image/erase.ts";
import { fillSmoothly } from "../../src/image/membrane.ts";
import { fixtureJson } from "../fixtures.ts";
import { pattern } from "./pattern.ts";

interface EraseCase {
  readonly name: string;
  readonly seed: number;
  readonly width: number;
  readonly height: number;
  readonly shape: keyof typeof SHAPES;
  readonly erased: number;
  /** Row, column and value of some erased pixels. */
  readonly values: readonly (readonly [number, number, number])[];
}

type Shape = (x: number, y: number, width: number, height: number) => boolean;

const disc = (x: number, y: number, cx: number, cy: number, radius: number): boolean =>
  (x - cx) ** 2 + (y - cy) ** 2 < radius ** 2;

/** The masks of scripts/reference/erase.py. */
const SHAPES = {
  disc: (x, y, w, h) => disc(x, y, w >> 1, h >> 1, 18),
  border: (x, y, _, h) => disc(x, y, 0, h >> 1, 20),
  ring: (x, y, w, h) => disc(x, y, w >> 1, h >> 1, 30) && (x - (w >> 1)) ** 2 + (y - (h >> 1)) ** 2 > 8 ** 2,
  stroke: (x, y) => Math.abs(3 * y - x) < 4,
  lattice: (x, y) => x % 2 === 1 && y % 3 === 1,
  two: (x, y) => disc(x, y, 18, 20, 12) || disc(x, y, 55, 28, 15),
  "all-but-one": (x, y) => x !== 5 || y !== 7,
  corner: (x, y) => x < 20 && y < 25,
} as const satisfies Record<string, Shape>;

function maskOf(shape: Shape, width: number, height: number): Uint8Array {
  return Uint8Array.from({ length: width * height }, (_, i) =>
    shape(i % width, Math.floor(i / width), width, height) ? 1 : 0,
  );
}

function pictureOf({ seed, width, height }: EraseCase): Uint8Array {
  const noise = pattern("noise", seed, width * height);
  return noise.map((value, i) => Math.floor(((i % width) * 160) / width + (value * 64) / 256));
}

const { cases } = fixtureJson<{ cases: EraseCase[] }>("image/erase.json");

describe.each(cases)("$name", (item) => {
  const { width, height, shape, values, erased } = item;
  const mask = maskOf(SHAPES[shape], width, height);
  const picture = pictureOf(item);

  test("the fill is SciPy's solution of Laplace's equation to a quarter of a grey level", () => {
    expect(mask.reduce((sum, flag) => sum + flag, 0)).toBe(erased);
    const filled = Float32Array.from(picture);
    fillSmoothly(filled, mask, width, height);
    const most = values.reduce((far, [y, x, v]) => Math.max(far, Math.abs(filled[y * width + x]! - v)), 0);
    expect(most).toBeLessThan(0.25);
  });

  test("nothing outside of the mask changes", () => {
    const out = erase({ width, height, channels: 1, data: picture }, mask);
    expect(out.filter((_, i) => mask[i] === 0)).toEqual(picture.filter((_, i) => mask[i] === 0));
    expect(out).not.toEqual(picture);
  });

  test("constant surroundings give the constant, and a ramp is continued", () => {
    const flat = new Uint8Array(width * height).fill(77);
    const holed = flat.map((value, i) => (mask[i] === 0 ? value : 255));
    expect(erase({ width, height, channels: 1, data: holed }, mask)).toEqual(flat);
    // At the border of the picture the fill is level, so a ramp is not continued there.
    if (["border", "stroke", "all-but-one", "corner", "lattice"].includes(shape)) return;
    const ramp = flat.map((_, i) => 20 + (i % width) + Math.floor(i / width));
    const broken = ramp.map((value, i) => (mask[i] === 0 ? value : 0));
    expect(erase({ width, height, channels: 1, data: broken }, mask)).toEqual(ramp);
  });
});

test("colours are filled one by one", () => {
  const [width, height] = [20, 10];
  const data = Uint8Array.from({ length: 600 }, (_, i) => [10, 100, 200][i % 3]!);
  const mask = maskOf((x, y) => x > 5 && x < 12 && y > 2 && y < 7, width, height);
  const holed = data.map((value, i) => (mask[Math.floor(i / 3)] === 0 ? value : 0));
  expect(erase({ width, height, channels: 3, data: holed }, mask)).toEqual(data);
});

test("an empty mask changes nothing, and a full one leaves the mean", () => {
  const data = Uint8Array.of(10, 20, 30, 41);
  const picture = { width: 2, height: 2, channels: 1, data } as const;
  expect(erase(picture, new Uint8Array(4))).toEqual(data);
  expect(erase(picture, new Uint8Array(4).fill(1))).toEqual(Uint8Array.of(25, 25, 25, 25));
  expect(data).toEqual(Uint8Array.of(10, 20, 30, 41));
});
