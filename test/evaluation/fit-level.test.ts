import { expect, test } from "vitest";
import { bestLevel, LEVELS, overlapShare, overlapsOf } from "../../src/evaluation/fit-level.ts";

/** A cone of 28 × 28 cells around the middle: 1 there, and falling by 0.1 with every cell. */
const cone = Float64Array.from({ length: 28 * 28 }, (_, i) => {
  const [x, y] = [(i % 28) - 13.5, Math.floor(i / 28) - 13.5];
  return Math.max(0, 1 - 0.1 * Math.max(Math.abs(x), Math.abs(y)));
});
const map = { values: cone, height: 28, width: 28, region: { x: 0, y: 0, width: 280, height: 280 } };

test("a box is overlapped best at the level at which the region has its size", () => {
  // At half of the cone's height the region reaches five cells from the middle.
  const box = { x: 90, y: 90, width: 100, height: 100 };
  const overlaps = overlapsOf(map, [box]);
  expect(overlaps).toHaveLength(19);
  const best = overlaps.indexOf(Math.max(...overlaps));
  expect(LEVELS[best]).toBeGreaterThanOrEqual(0.45);
  expect(LEVELS[best]).toBeLessThanOrEqual(0.55);
  expect(overlaps[best]).toBeGreaterThan(0.8);
});

test("levels are shares of the maximum, also of a map that is nowhere 0", () => {
  const lifted = { ...map, values: cone.map((value) => 1 + value) };
  const whole = { x: 0, y: 0, width: 280, height: 280 };
  const overlaps = overlapsOf(lifted, [whole]);
  // All values are at least half of the maximum.
  for (const overlap of overlaps.slice(0, 10)) expect(overlap).toBeCloseTo(1, 12);
  expect(overlaps[12]).toBeLessThan(1);
});

test("the best level is the middle one of those at which most pairs overlap", () => {
  const rows = [
    LEVELS.map((_, i) => (i >= 4 && i <= 10 ? 0.4 : 0.1)),
    LEVELS.map((_, i) => (i >= 8 ? 0.3 : 0.29)),
  ];
  // Both overlap at 8, 9 and 10.
  expect(bestLevel(rows)).toBe(9);
  expect(overlapShare(rows, 9)).toBe(1);
  expect(overlapShare(rows, 12)).toBe(0.5);
});
