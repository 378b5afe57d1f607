import { expect, test } from "vitest";
import { brush, erasedShare, packed, unpacked } from "../../../web/viewer/erasure.ts";

const SIZE = { width: 20, height: 10 };
const rowsOf = (mask: Uint8Array) =>
  Array.from({ length: SIZE.height }, (_, y) => mask.subarray(y * SIZE.width, (y + 1) * SIZE.width).join(""));

test("a brush erases the pixels whose centres it covers", () => {
  const mask = new Uint8Array(200);
  const part = brush(mask, SIZE, { x: 5, y: 5 }, { x: 5, y: 5 }, 1.6);
  // Centres at (±½, ±½), (±1½, ±½) and (±½, ±1½) are at most 1.59 from (5, 5); those at (±1½, ±1½) are 2.12.
  expect(rowsOf(mask).slice(3, 7)).toEqual([
    "00001100000000000000",
    "00011110000000000000",
    "00011110000000000000",
    "00001100000000000000",
  ]);
  expect(part).toEqual({ left: 3, top: 3, right: 7, bottom: 7 });
});

test("a stroke covers its whole way, and what is beside the picture is left out", () => {
  const mask = new Uint8Array(200);
  brush(mask, SIZE, { x: -5, y: 2.5 }, { x: 30, y: 2.5 }, 1);
  expect(rowsOf(mask).map((row) => row.includes("1"))).toEqual(
    Array.from({ length: 10 }, (_, y) => y >= 1 && y <= 3),
  );
  expect(rowsOf(mask)[2]).toBe("1".repeat(20));
});

test("the smallest brush erases the pixel under it", () => {
  const mask = new Uint8Array(200);
  brush(mask, SIZE, { x: 7.1, y: 4.9 }, { x: 7.1, y: 4.9 }, 0.1);
  expect(mask[4 * 20 + 7]).toBe(1);
});

test("masks are packed and unpacked", () => {
  const mask = new Uint8Array(200);
  brush(mask, SIZE, { x: 3, y: 3 }, { x: 15, y: 8 }, 2);
  const runs = packed(mask);
  expect(unpacked(runs, 200)).toEqual(mask);
  expect(runs!.length).toBeLessThan(30);
  const edge = Uint8Array.of(1, 1, 0, 1);
  expect([...packed(edge)!]).toEqual([0, 2, 1, 1]);
  expect(unpacked(packed(edge), 4)).toEqual(edge);
  expect(packed(new Uint8Array(200))).toBeUndefined();
  expect(unpacked(undefined, 200)).toBeUndefined();
});

test("the erased share counts pixels", () => {
  expect(erasedShare(Uint8Array.of(1, 1, 0, 1, 0, 0, 0, 0))).toBe(3 / 8);
  expect(erasedShare(undefined)).toBe(0);
});
