import { expect, test } from "vitest";
import { blend, type PlacedMap } from "../../../src/report/overlay/blend.ts";
import { colourTable } from "../../../src/report/overlay/colormap.ts";
import { picture, pixel, SIZE } from "./pictures.ts";

function mapOf(
  values: readonly number[],
  width: number,
  height: number,
  more: Partial<PlacedMap> = {},
): PlacedMap {
  const region = { x: 0, y: 0, width: SIZE, height: SIZE };
  return { map: Float32Array.from(values), width, height, region, ...more };
}

test.each([0, 3.5, -2])("a flat map of %d leaves the picture as it is", (value) => {
  const image = picture();
  expect(blend(image, mapOf(Array(49).fill(value), 7, 7), "inferno").data).toEqual(image.data);
});

test("the picture that was given is not modified", () => {
  const image = picture();
  const before = image.data.slice();
  blend(image, mapOf([0, 1, 2, 3], 2, 2), "jet");
  expect(image.data).toEqual(before);
});

test("the hottest pixel is the picture's and the top colour's mixture, six parts in ten of the latter", () => {
  const image = picture();
  const result = blend(image, mapOf([0, 0, 0, 5], 2, 2), "inferno");
  const top = [...colourTable("inferno").subarray(765)];
  // The corner lies beyond the last cell's centre: the full heat.
  const xray = pixel(image, SIZE - 1, SIZE - 1);
  expect(pixel(result, SIZE - 1, SIZE - 1)).toEqual(
    xray.map((value, c) => Math.round(0.4 * value + 0.6 * top[c]!)),
  );
});

test("the coldest pixel keeps the picture's colour, and the map's scale does not matter", () => {
  const image = picture();
  const small = blend(image, mapOf([0.001, 0.002, 0.003, 0.004], 2, 2), "jet");
  const large = blend(image, mapOf([1, 2, 3, 4], 2, 2), "jet");
  expect(pixel(small, 0, 0)).toEqual(pixel(image, 0, 0));
  expect(Math.max(...small.data.map((value, i) => Math.abs(value - large.data[i]!)))).toBeLessThanOrEqual(1);
});

test("between the cells the heat is interpolated: more of it towards the hot side", () => {
  const black = { width: SIZE, height: 1, data: new Uint8Array(SIZE * 3) };
  const panel = mapOf([0, 1], 2, 1, { region: { x: 0, y: 0, width: SIZE, height: 1 } });
  const green = Array.from({ length: SIZE }, (_, x) => pixel(blend(black, panel, "inferno"), x, 0)[1]!);
  expect(green).toEqual(green.toSorted((a, b) => a - b));
  expect(new Set(green).size).toBeGreaterThan(10);
  // Pixels within half a cell of the border have the heat of the cell.
  expect(green.slice(0, 8)).toEqual(Array(8).fill(0));
  expect(green.slice(24)).toEqual(Array(8).fill(Math.round(0.6 * 0xff)));
  // In the middle, half the heat: opacity 0.6 · 0.5 · (2 − 0.5), mixed with the colour at 0.5.
  const [before, after] = [green[15]!, green[16]!];
  const middle = 0.45 * colourTable("inferno")[128 * 3 + 1]!;
  expect(before).toBeLessThanOrEqual(middle + 1);
  expect(after).toBeGreaterThanOrEqual(middle - 1);
});

test("outside the region that the network saw the picture stays", () => {
  const image = picture();
  const region = { x: 8, y: 4, width: 16, height: 20 };
  const result = blend(image, mapOf([1, 0, 0, 1], 2, 2, { region }), "viridis");
  let touched = 0;
  for (let y = 0; y < SIZE; y++) {
    for (let x = 0; x < SIZE; x++) {
      const isInside = x >= 8 && x < 24 && y >= 4 && y < 24;
      const isSame = pixel(result, x, y).every((value, c) => value === pixel(image, x, y)[c]);
      if (!isInside) expect([x, y, isSame]).toEqual([x, y, true]);
      else if (!isSame) touched += 1;
    }
  }
  expect(touched).toBeGreaterThan(0.8 * 16 * 20);
});

test("a map covers its region, however the picture is stretched", () => {
  const black = { width: 40, height: 20, data: new Uint8Array(40 * 20 * 3) };
  const panel = mapOf([0, 0, 1, 0], 2, 2, { region: { x: 0, y: 0, width: 40, height: 20 } });
  const result = blend(black, panel, "jet");
  const sums = [0, 1, 2, 3].map((corner) => {
    const [x, y] = [(corner % 2) * 39, Math.floor(corner / 2) * 19];
    return pixel(result, x, y).reduce((sum, value) => sum + value, 0);
  });
  expect(sums).toEqual([0, 0, Math.round(0.6 * 128), 0]);
});
