import { expect, test } from "vitest";
import { gridOf, joinTiles } from "../../../src/report/overlay/grid.ts";
import { picture, pixel } from "./pictures.ts";

test.each([
  [1, 1, 1],
  [2, 2, 1],
  [3, 2, 2],
  [4, 2, 2],
  [5, 3, 2],
  [9, 3, 3],
  [14, 4, 4],
])("%d panels stand in %d columns and %d rows", (count, columns, rows) => {
  expect(gridOf(count)).toEqual({ columns, rows });
});

test("tiles stand row by row, with black between them and where none is", () => {
  const tiles = [10, 20, 30].map((value) => ({
    width: 4,
    height: 3,
    data: new Uint8Array(4 * 3 * 3).fill(value),
  }));
  const joined = joinTiles(tiles);
  expect([joined.width, joined.height]).toEqual([2 * 4 + 8, 2 * 3 + 8]);
  const at = (x: number, y: number) => pixel(joined, x, y)[0];
  expect([at(0, 0), at(3, 2), at(4, 0), at(11, 0), at(12, 0), at(15, 2)]).toEqual([10, 10, 0, 0, 20, 20]);
  expect([at(0, 3), at(0, 10), at(0, 11), at(3, 13), at(12, 11)]).toEqual([0, 0, 30, 30, 0]);
});

test("one tile is the picture", () => {
  const tile = picture();
  expect(joinTiles([tile])).toBe(tile);
});
