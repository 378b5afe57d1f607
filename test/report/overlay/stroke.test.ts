import { expect, test } from "vitest";
import type { Point } from "../../../src/heatmaps/contours.ts";
import { Mask } from "../../../src/report/overlay/mask.ts";
import { strokeLine } from "../../../src/report/overlay/stroke.ts";
import { coverageOf } from "./pictures.ts";

function stroked(points: readonly Point[], width: number, columns: number, rows: number): number[][] {
  const mask = new Mask(columns, rows);
  strokeLine(mask, points, width);
  const shares = Array.from(coverageOf(mask), (share) => Math.round(share * 1e6) / 1e6);
  return Array.from({ length: rows }, (_, y) => shares.slice(y * columns, (y + 1) * columns));
}

const areaOf = (rows: readonly number[][]): number => rows.flat().reduce((sum, share) => sum + share, 0);

test.each<[string, Point[]]>([
  ["to the right", [[1, 1.5], [3, 1.5], [3, 1.5], [5, 1.5]]], // biome-ignore format: points
  [
    "to the left",
    [
      [5, 1.5],
      [1, 1.5],
    ],
  ],
])("an open line %s covers its width, and ends where its points end", (_, points) => {
  expect(stroked(points, 1.5, 6, 3)).toEqual([
    [0, 0.25, 0.25, 0.25, 0.25, 0],
    [0, 1, 1, 1, 1, 0],
    [0, 0.25, 0.25, 0.25, 0.25, 0],
  ]);
});

test.each([
  [
    [2, 2],
    [5, 2],
    [5, 5],
    [2, 5],
    [2, 2],
  ] as Point[],
  [
    [2, 2],
    [2, 5],
    [5, 5],
    [5, 2],
    [2, 2],
  ] as Point[],
])("a closed line around a square covers half its width on either side, corners included", (...points) => {
  const rows = stroked(points, 2, 7, 7);
  // From 1 to 6, without what lies from 3 to 4.
  expect(rows.map((row) => row.join(""))).toEqual([
    "0000000",
    "0111110",
    "0111110",
    "0110110",
    "0111110",
    "0111110",
    "0000000",
  ]);
});

test("a slanting line has the area of its length times its width", () => {
  const rows = stroked([[3, 4], [15, 9]], 1.5, 20, 14); // biome-ignore format: points
  expect(areaOf(rows)).toBeCloseTo(13 * 1.5, 4);
});

test("a line around a circle has the area of its ring", () => {
  const circle = Array.from({ length: 361 }, (_, i): Point => {
    const angle = ((i % 360) * Math.PI) / 180;
    return [20 + 12 * Math.cos(angle), 20 + 12 * Math.sin(angle)];
  });
  expect(Math.abs(areaOf(stroked(circle, 2, 40, 40)) - 2 * Math.PI * 12 * 2)).toBeLessThan(0.05);
});

test("a line around less than its own width is filled", () => {
  const tiny: Point[] = [[5, 5], [5.5, 5], [5.5, 5.5], [5, 5.5], [5, 5]]; // biome-ignore format: points
  const rows = stroked(tiny, 3, 10, 10);
  // From 3.5 to 7 along both sides.
  expect([rows[5]![5], rows[4]![6]]).toEqual([1, 1]);
  expect(areaOf(rows)).toBeCloseTo(3.5 * 3.5, 4);
});

test("a joint that turns back is cut short instead of running far out", () => {
  const rows = stroked([[2, 5], [12, 5.2], [2, 5.4]], 1, 20, 10); // biome-ignore format: points
  expect(rows.every((row) => row.slice(14).every((share) => share === 0))).toBe(true);
});

test("no line is drawn along a single point", () => {
  expect(areaOf(stroked([[2, 2], [2, 2]], 1, 4, 4))).toBe(0); // biome-ignore format: points
});
