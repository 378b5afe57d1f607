import { expect, test } from "vitest";
import { outline } from "../../../src/report/overlay/outline.ts";
import { picture, pixel, SIZE } from "./pictures.ts";

test("a box is outlined in white between black lines, outside of it and inside, and nothing else changes", () => {
  const image = picture();
  const before = image.data.slice();
  outline(image, { x: 8, y: 6, width: 12, height: 10 });
  const row = Array.from({ length: 7 }, (_, x) => pixel(image, x + 5, 10).join());
  const was = (x: number) => [...before.subarray((10 * SIZE + x) * 3, (10 * SIZE + x) * 3 + 3)].join();
  expect(row).toEqual([was(5), "0,0,0", "255,255,255", "0,0,0", was(9), was(10), was(11)]);
  const column = [3, 4, 5, 6, 7].map((y) => pixel(image, 14, y)[1]);
  expect(column.slice(1, 4)).toEqual([0, 255, 0]);
  const changed = image.data.reduce((sum, value, i) => sum + (value === before[i] ? 0 : 1), 0);
  expect(changed).toBeGreaterThan(200);
  expect(changed).toBeLessThanOrEqual(3 * (16 * 14 - 10 * 8));
});

test("a box beyond the picture is cut off, one that lies outside draws nothing", () => {
  const image = picture();
  const before = image.data.slice();
  outline(image, { x: 100, y: 100, width: 12, height: 10 });
  outline(image, { x: -40, y: -40, width: 12, height: 10 });
  expect(image.data).toEqual(before);
  outline(image, { x: -4, y: 28, width: 50, height: 50 });
  expect(pixel(image, 0, 27)).toEqual([255, 255, 255]);
});
