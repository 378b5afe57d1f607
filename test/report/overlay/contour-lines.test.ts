import { expect, test } from "vitest";
import { colourTable } from "../../../src/report/overlay/colormap.ts";
import { drawContours, lineWidths } from "../../../src/report/overlay/contour-lines.ts";
import type { RgbPixels } from "../../../src/report/overlay/pixels.ts";
import { pixel } from "./pictures.ts";

const GREY = 100;
const plain = (width: number, height: number): RgbPixels => ({
  width,
  height,
  data: new Uint8Array(width * height * 3).fill(GREY),
});

/** A map from 0 to 5 between the centres of two cells, over a part of a picture. */
const ramp = (x: number, y: number, width: number, height: number) => ({
  map: Float32Array.of(0, 5),
  height: 1,
  width: 2,
  region: { x, y, width, height },
});

/** The share of each pixel of a row that lies from `from` to `to`. */
const covered = (x: number, from: number, to: number): number =>
  Math.max(0, Math.min(x + 1, to) - Math.max(x, from));

/**
 * A row of pixels under vertical lines of 1.25 pixels, each between lines of half a transparency, 0.625 pixels on either side.
 *
 * @param lines  Where the lines run, and the heat whose colour they have.
 */
function rowUnder(width: number, lines: readonly (readonly [at: number, heat: number])[]): number[][] {
  const table = colourTable("inferno");
  const colourOf = (heat: number) => [0, 1, 2].map((c) => table[Math.round(heat * 255) * 3 + c]!);
  const casingOf = ([red, green, blue]: number[]) =>
    0.299 * red! + 0.587 * green! + 0.114 * blue! < 128 ? 255 : 0;
  return Array.from({ length: width }, (_, x) => {
    let samples = [GREY, GREY, GREY];
    const mix = (colour: readonly number[], share: number) => {
      samples = samples.map((value, c) => Math.floor(value * (1 - share) + colour[c]! * share + 0.5));
    };
    for (const [at, heat] of lines) {
      const casing = casingOf(colourOf(heat));
      mix([casing, casing, casing], 0.5 * covered(x, at - 1.25, at + 1.25));
    }
    for (const [at, heat] of lines) mix(colourOf(heat), covered(x, at - 0.625, at + 0.625));
    return samples;
  });
}

function expectRow(image: RgbPixels, y: number, expected: readonly number[][]): void {
  for (const [x, samples] of expected.entries()) {
    const apart = pixel(image, x, y).map((value, c) => Math.abs(value - samples[c]!));
    expect([x, y, Math.max(...apart) <= 1]).toEqual([x, y, true]);
  }
}

test("lines run at 30, 50, 70 and 90 % of the maximum, in the colours of these heats, and nowhere along the border", () => {
  const image = plain(80, 30);
  // The ramp runs from 20 to 60.
  const drawn = drawContours(image, ramp(0, 0, 80, 30), "inferno");
  const expected = rowUnder(80, [[32, 0.3], [40, 0.5], [48, 0.7], [56, 0.9]]); // biome-ignore format: pairs
  for (const y of [0, 1, 15, 28, 29]) expectRow(drawn, y, expected);
  expect(image).toEqual(plain(80, 30));
});

test("lines stay within the part of the picture that the network saw", () => {
  // The ramp runs from 30 to 70.
  const drawn = drawContours(plain(100, 40), ramp(10, 10, 80, 20), "inferno");
  const expected = rowUnder(100, [[42, 0.3], [50, 0.5], [58, 0.7], [66, 0.9]]); // biome-ignore format: pairs
  for (const y of [10, 20, 29]) expectRow(drawn, y, expected);
  for (const y of [0, 8, 31, 39]) expectRow(drawn, y, rowUnder(100, []));
});

test("a picture of more rows than are painted at a time has the same lines in all of them", () => {
  const drawn = drawContours(plain(80, 600), ramp(0, 0, 80, 600), "inferno");
  const expected = rowUnder(80, [[32, 0.3], [40, 0.5], [48, 0.7], [56, 0.9]]); // biome-ignore format: pairs
  for (const y of [0, 255, 256, 511, 512, 599]) expectRow(drawn, y, expected);
});

test("shares are of the maximum, not of the range: a map that is 60 % everywhere has lines at 70 and 90 % alone", () => {
  // From 3 to 5 between 20 and 60: 70 % is 3.5, and 90 % is 4.5.
  const map = { ...ramp(0, 0, 80, 30), map: Float32Array.of(3, 5) };
  const drawn = drawContours(plain(80, 30), map, "inferno");
  expectRow(drawn, 15, rowUnder(80, [[30, 0.7], [50, 0.9]])); // biome-ignore format: pairs
});

test("a flat map has no lines", () => {
  const map = { ...ramp(0, 0, 80, 30), map: Float32Array.of(2, 2) };
  expect(drawContours(plain(80, 30), map, "viridis")).toEqual(plain(80, 30));
});

test("lines are wider on larger pictures, and never thinner than a pixel and a quarter", () => {
  expect(lineWidths(224, 300)).toEqual({ line: 1.25, casing: 0.625 });
  expect(lineWidths(1024, 1024).line).toBeCloseTo(3.2, 9);
});
