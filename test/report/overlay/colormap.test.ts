import { expect, test } from "vitest";
import {
  COLORMAP_NAMES,
  type ColormapName,
  colourTable,
  DEFAULT_COLORMAP,
} from "../../../src/report/overlay/colormap.ts";

const hex = (name: ColormapName, i: number): string =>
  `#${Buffer.from(colourTable(name).subarray(i * 3, i * 3 + 3)).toString("hex")}`;

/** matplotlib 3: `matplotlib.colors.to_hex(matplotlib.colormaps[name](i))`, first and last row. */
test.each<[ColormapName, string, string]>([
  ["inferno", "#000004", "#fcffa4"],
  ["viridis", "#440154", "#fde725"],
])("%s runs from %s to %s, as matplotlib's", (name, cold, hot) => {
  expect(hex(name, 0)).toBe(cold);
  expect(hex(name, 255)).toBe(hot);
});

test("jet is MATLAB's: dark blue, blue, cyan, yellow, red, dark red", () => {
  // jet(256) in MATLAB begins at [0 0 132]/255 and ends at [128 0 0]/255; the corners lie at eighths.
  const table = colourTable("jet");
  const at = (heat: number) => [...table.subarray(Math.round(heat * 255) * 3).subarray(0, 3)];
  const near = (actual: number[], expected: number[]) => {
    for (const [c, value] of expected.entries()) expect(Math.abs(actual[c]! - value)).toBeLessThanOrEqual(5);
  };
  near(at(0), [0, 0, 128]);
  near(at(1 / 8), [0, 0, 255]);
  near(at(3 / 8), [0, 255, 255]);
  near(at(1 / 2), [128, 255, 128]);
  near(at(5 / 8), [255, 255, 0]);
  near(at(7 / 8), [255, 0, 0]);
  near(at(1), [128, 0, 0]);
});

test.each(COLORMAP_NAMES)("%s has 256 colours, neighbours close together", (name) => {
  const table = colourTable(name);
  expect(table).toHaveLength(768);
  for (let i = 3; i < table.length; i++) expect(Math.abs(table[i]! - table[i - 3]!)).toBeLessThanOrEqual(16);
  expect(new Set(Array.from({ length: 256 }, (_, i) => hex(name, i))).size).toBeGreaterThan(200);
});

test.each<ColormapName>(["inferno", "viridis"])("%s grows lighter from cold to hot", (name) => {
  const table = colourTable(name);
  const light = (i: number) =>
    0.2126 * table[i * 3]! + 0.7152 * table[i * 3 + 1]! + 0.0722 * table[i * 3 + 2]!;
  for (let i = 8; i < 256; i++) expect(light(i)).toBeGreaterThan(light(i - 8));
});

test("inferno is the default", () => {
  expect(DEFAULT_COLORMAP).toBe("inferno");
  expect(COLORMAP_NAMES).toContain(DEFAULT_COLORMAP);
});
