import { expect, test } from "vitest";
import { caption } from "../../../src/report/overlay/caption.ts";
import { colourTable } from "../../../src/report/overlay/colormap.ts";
import {
  blend,
  drawOnto,
  gridOf,
  outline,
  type Panel,
  panelLabels,
  type RgbPixels,
} from "../../../src/report/overlay/overlay.ts";

const SIZE = 32;

/** Every pixel another colour. */
function picture(width = SIZE, height = SIZE): RgbPixels {
  return { width, height, data: Uint8Array.from({ length: width * height * 3 }, (_, i) => (i * 7) % 251) };
}

function panelOf(values: readonly number[], width: number, height: number, more: Partial<Panel> = {}): Panel {
  const region = { x: 0, y: 0, width: SIZE, height: SIZE };
  return { map: Float32Array.from(values), width, height, region, title: "Mass 1.00%", boxes: [], ...more };
}

const pixel = ({ data, width }: RgbPixels, x: number, y: number): number[] => [
  ...data.subarray((y * width + x) * 3, (y * width + x) * 3 + 3),
];

test.each([0, 3.5, -2])("a flat map of %d leaves the picture as it is", (value) => {
  const image = picture();
  expect(blend(image, panelOf(Array(49).fill(value), 7, 7), "inferno").data).toEqual(image.data);
});

test("a remark stands below the title, and both fit a small picture", () => {
  for (const [width, height] of [
    [96, 96],
    [512, 512],
    [2000, 900],
  ] as const) {
    const panel = panelOf([0, 1, 2, 3], 2, 2, {
      title: "Pleural Thickening 100.00%",
      remark: "knows drawn phantoms only",
    });
    const labels = panelLabels(width, height, panel, "inferno");
    const plates = labels.map(({ left, top, svg }) => {
      const [, w, h] = /width="([\d.]+)" height="([\d.]+)"/.exec(svg)!;
      return { left, top, right: left + Number(w), bottom: top + Number(h) };
    });
    expect(plates).toHaveLength(3);
    const [title, remark, scale] = plates;
    expect(title!.bottom).toBeLessThanOrEqual(remark!.top);
    expect(remark!.bottom).toBeLessThan(scale!.top);
    for (const { right } of plates.slice(0, 2)) expect(right).toBeLessThanOrEqual(width);
  }
});

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

test("the picture that was given is not modified", () => {
  const image = picture();
  const before = image.data.slice();
  blend(image, panelOf([0, 1, 2, 3], 2, 2), "jet");
  expect(image.data).toEqual(before);
});

test("the hottest pixel is the picture's and the top colour's mixture, six parts in ten of the latter", () => {
  const image = picture();
  const result = blend(image, panelOf([0, 0, 0, 5], 2, 2), "inferno");
  const top = [...colourTable("inferno").subarray(765)];
  // The corner lies beyond the last cell's centre: the full heat.
  const xray = pixel(image, SIZE - 1, SIZE - 1);
  expect(pixel(result, SIZE - 1, SIZE - 1)).toEqual(
    xray.map((value, c) => Math.round(0.4 * value + 0.6 * top[c]!)),
  );
});

test("the coldest pixel keeps the picture's colour, and the map's scale does not matter", () => {
  const image = picture();
  const small = blend(image, panelOf([0.001, 0.002, 0.003, 0.004], 2, 2), "jet");
  const large = blend(image, panelOf([1, 2, 3, 4], 2, 2), "jet");
  expect(pixel(small, 0, 0)).toEqual(pixel(image, 0, 0));
  expect(Math.max(...small.data.map((value, i) => Math.abs(value - large.data[i]!)))).toBeLessThanOrEqual(1);
});

test("between the cells the heat is interpolated: more of it towards the hot side", () => {
  const black = { width: SIZE, height: 1, data: new Uint8Array(SIZE * 3) };
  const panel = panelOf([0, 1], 2, 1, { region: { x: 0, y: 0, width: SIZE, height: 1 } });
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
  const result = blend(image, panelOf([1, 0, 0, 1], 2, 2, { region }), "viridis");
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
  const panel = panelOf([0, 0, 1, 0], 2, 2, { region: { x: 0, y: 0, width: 40, height: 20 } });
  const result = blend(black, panel, "jet");
  const sums = [0, 1, 2, 3].map((corner) => {
    const [x, y] = [(corner % 2) * 39, Math.floor(corner / 2) * 19];
    return pixel(result, x, y).reduce((sum, value) => sum + value, 0);
  });
  expect(sums).toEqual([0, 0, Math.round(0.6 * 128), 0]);
});

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

test("a caption is as wide as its glyphs and grows with its size", () => {
  expect(caption("", 20).width).toBe(0);
  expect(caption("MM", 20).width).toBeCloseTo(2 * caption("M", 20).width, 9);
  expect(caption("Mass", 40).width).toBeCloseTo(2 * caption("Mass", 20).width, 9);
  expect(caption("i", 20).width).toBeLessThan(caption("M", 20).width);
});

test("a character without an outline is drawn as a question mark, and markup cannot get in", () => {
  expect(caption("漢", 20)).toEqual(caption("?", 20));
  expect(caption("<script>&\"'", 20).svg).not.toMatch(/<script|&"/);
});

test("the labels are small SVGs: the title, and a scale with its two ends", () => {
  const [title, scale] = panelLabels(320, 200, panelOf([0, 1], 2, 1), "viridis");
  expect(title!.svg).toContain(caption("Mass 1.00%", 10).svg);
  expect(scale!.svg.match(/<stop /g)).toHaveLength(17);
  expect(scale!.svg).toContain('<stop offset="0" stop-color="rgb(68,1,84)"/>');
  expect(scale!.svg).toContain('<stop offset="1" stop-color="rgb(253,231,37)"/>');
  for (const { svg, left, top } of [title!, scale!]) {
    const [, width, height] = /^<svg xmlns="[^"]+" width="(\d+)" height="(\d+)">.*<\/svg>$/
      .exec(svg)!
      .map(Number);
    expect(left + width!).toBeLessThan(320);
    expect(top + height!).toBeLessThan(200);
  }
});

test("a flat map's label says that nothing speaks for the finding", () => {
  const [flat] = panelLabels(320, 200, panelOf([0, 0], 2, 1), "viridis");
  expect(flat!.svg).toContain(caption("Mass 1.00% · nothing speaks for it", 10).svg);
});

test("a stamp is mixed in by its opacity and cut off at the border", () => {
  const image = { width: 2, height: 1, data: Uint8Array.of(10, 20, 30, 40, 50, 60) };
  const stamp = { width: 2, height: 1, data: Uint8Array.of(200, 100, 0, 255, 1, 2, 3, 128) };
  drawOnto(image, stamp, 1, 0);
  expect([...image.data]).toEqual([10, 20, 30, 200, 100, 0]);
  drawOnto(image, { ...stamp, data: stamp.data.subarray(4), width: 1 }, 0, 0);
  const half = (below: number, above: number) => Math.round((below * 127 + above * 128) / 255);
  expect([...image.data.subarray(0, 3)]).toEqual([half(10, 1), half(20, 2), half(30, 3)]);
});
