import { expect, test } from "vitest";
import { fillText, textWidth } from "../../../src/report/overlay/lettering.ts";
import { Mask, TOLERANCE } from "../../../src/report/overlay/mask.ts";
import { fillRectangle, fillRounded } from "../../../src/report/overlay/shapes.ts";
import { fixtureJson, fromBase64 } from "../../fixtures.ts";
import { coverageOf } from "./pictures.ts";

interface Levels {
  readonly width: number;
  readonly height: number;
  /** Coverage from 0 to 255, row by row, in base64. */
  readonly levels: string;
}
interface GlyphCase extends Levels {
  readonly character: string;
  readonly size: number;
  readonly advance: number;
  readonly x: number;
  readonly baseline: number;
}
interface RoundedCase extends Levels {
  readonly radius: number;
}

const glyphs = fixtureJson<{ cases: GlyphCase[] }>("overlay/glyphs.json").cases;
const roundeds = fixtureJson<{ cases: RoundedCase[] }>("overlay/rounded.json").cases;

function differences(mask: Mask, levels: string): { mean: number; most: number } {
  const expected = fromBase64(levels);
  const actual = coverageOf(mask);
  expect(actual).toHaveLength(expected.length);
  const apart = Array.from(actual, (share, i) => Math.abs(share - expected[i]! / 255));
  return { mean: apart.reduce((sum, value) => sum + value, 0) / apart.length, most: Math.max(...apart) };
}

const rows = (mask: Mask): number[][] => {
  const shares = Array.from(coverageOf(mask), (share) => Math.round(share * 1e6) / 1e6);
  return Array.from({ length: mask.height }, (_, y) => shares.slice(y * mask.width, (y + 1) * mask.width));
};

test.each(glyphs)("$character of $size pixels covers what FreeType says", (glyph) => {
  const { character: text, size, x, baseline, width, height, levels } = glyph;
  const mask = new Mask(width, height);
  fillText(mask, { text, size, x, baseline });
  // Curves are lines that are off by up to TOLERANCE; outlines are rounded to a thousandth of an em.
  const { mean, most } = differences(mask, levels);
  expect(mean).toBeLessThan(0.004);
  expect(most).toBeLessThan(0.04);
  expect(Math.abs(textWidth(text, size) - glyph.advance)).toBeLessThan(size / 1000);
});

test.each(roundeds)("a plate of $width × $height with corners of $radius covers what is inside", (plate) => {
  const mask = new Mask(plate.width, plate.height);
  fillRounded(mask, plate.radius);
  const { mean, most } = differences(mask, plate.levels);
  expect(mean).toBeLessThan(0.003);
  expect(most).toBeLessThan(0.02);
});

test("a rectangle between pixels covers the shares of its borders", () => {
  const mask = new Mask(4, 3);
  fillRectangle(mask, 0.75, 0.5, 2.5, 2);
  expect(rows(mask)).toEqual([
    [0.125, 0.5, 0.5, 0.125],
    [0.25, 1, 1, 0.25],
    [0.125, 0.5, 0.5, 0.125],
  ]);
});

test("a slanting edge halves the pixels that it crosses from corner to corner", () => {
  const mask = new Mask(4, 2);
  mask.moveTo(0, 0);
  mask.lineTo(4, 2);
  mask.lineTo(0, 2);
  // It passes through two pixels of each row: a quarter of a pixel lies above it in the one, a quarter below in the other.
  expect(rows(mask)).toEqual([
    [0.75, 0.25, 0, 0],
    [1, 1, 0.75, 0.25],
  ]);
});

test("contours of one direction are joined, one of the other direction cuts a hole", () => {
  const joined = new Mask(5, 1);
  fillRectangle(joined, 0, 0, 3, 1);
  fillRectangle(joined, 2, 0, 2.5, 1);
  expect(rows(joined)).toEqual([[1, 1, 1, 1, 0.5]]);
  const holed = new Mask(5, 1);
  fillRectangle(holed, 0, 0, 5, 1);
  fillRectangle(holed, 3.5, 0, -2, 1);
  expect(rows(holed)).toEqual([[1, 0.5, 0, 0.5, 1]]);
});

test("what lies outside is cut off on every side, and what lies left of a row still fills it", () => {
  const mask = new Mask(3, 2);
  fillRectangle(mask, -5.5, -2.5, 7, 3.25);
  fillRectangle(mask, 9, -1, 4, 9);
  fillRectangle(mask, -4, 5, 9, 9);
  expect(rows(mask)).toEqual([
    [0.75, 0.375, 0],
    [0, 0, 0],
  ]);
});

test("a curve encloses the area of its parabola: two thirds of its chord times its height", () => {
  const [chord, rise] = [30, 12];
  const mask = new Mask(32, 14);
  mask.moveTo(1.3, 0.4);
  mask.quadraticTo(1.3 + chord / 4, 0.4 + 2 * rise, 1.3 + chord, 0.4);
  const area = coverageOf(mask).reduce((sum, share) => sum + share, 0);
  // Lines between points of the curve lie inside it.
  expect(area).toBeLessThan((2 / 3) * chord * rise);
  expect(area).toBeGreaterThan((2 / 3) * chord * rise - TOLERANCE * (chord + rise));
});

test("pixels that are covered alike come in one run, and those that are not covered in none", () => {
  const mask = new Mask(40, 3);
  fillRectangle(mask, 2.5, 1, 30, 1);
  const runs: number[][] = [];
  mask.forEachRun((...run) => runs.push(run));
  expect(runs).toEqual([
    [1, 2, 3, 0.5],
    [1, 3, 32, 1],
    [1, 32, 33, 0.5],
  ]);
});
