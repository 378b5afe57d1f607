import { expect, test } from "vitest";
import { cellAt, wholeGrid } from "../../../web/viewer/grid.ts";
import { pixelWords, viewerLabel, windowWords, zoomWords } from "../../../web/viewer/readout.ts";

const GREY = {
  width: 2,
  height: 2,
  channels: 1,
  shown: Uint8Array.of(0, 85, 170, 255),
  inverted: false,
} as const;

test("a pixel is told with its value, its unit and its grey level", () => {
  const values = Int16Array.of(-1000, -1, 0, 1000);
  expect(pixelWords({ ...GREY, values, unit: "HU" }, { x: 1.9, y: 0.1 })).toBe("x 1, y 0: -1 HU (grey 85)");
  expect(pixelWords({ ...GREY, values, unit: "US" }, { x: 0, y: 0 })).toBe("x 0, y 0: -1000 (grey 0)");
  expect(pixelWords(GREY, { x: 1, y: 1 })).toBe("x 1, y 1: grey 255");
  expect(pixelWords(GREY, { x: 2, y: 0 })).toBeUndefined();
  expect(pixelWords(GREY, { x: -0.1, y: 0 })).toBeUndefined();
});

test("a coloured pixel is told by its three samples", () => {
  const colour = { ...GREY, width: 1, height: 1, channels: 3, shown: Uint8Array.of(1, 2, 3) } as const;
  expect(pixelWords(colour, { x: 0, y: 0 })).toBe("x 0, y 0: RGB 1 2 3");
});

test("window and zoom are told as readers know them", () => {
  // A header's LINEAR window 2048/4096 of whole values is black from 0 and white from 4095.
  expect(windowWords({ center: 2047.5, width: 4095 }, { values: Uint16Array.of(0) })).toBe("W 4096 C 2048");
  expect(windowWords({ center: 127.5, width: 255 }, {})).toBe("W 256 C 128");
  const fractions = { values: Float32Array.of(0) };
  expect(windowWords({ center: 0.123456789, width: 1.5 }, fractions)).toBe("W 1.5 C 0.123457");
  expect(zoomWords(0.834)).toBe("83 %");
});

test("the label of the canvas says which picture, which heatmap and what zoom", () => {
  expect(viewerLabel("a.png", 0.5, "Mass", "contour")).toBe(
    "a.png, heatmap of Mass as contour lines, zoom 50 %. Press ? for the keys.",
  );
  expect(viewerLabel("a.png", 0.5, "Mass", "none")).toContain("no heatmap");
  expect(viewerLabel("Prior", undefined, undefined, "wash")).toBe("Prior: no picture");
});

test("a place lies in one of 7 × 7 cells", () => {
  const grid = wholeGrid({ width: 700, height: 1400 });
  expect(cellAt(grid, { x: 699.9, y: 200 })).toEqual({ x: 600, y: 200, width: 100, height: 200 });
  expect(cellAt(grid, { x: 700, y: 0 })).toBeUndefined();
  const cropped = { rows: 2, columns: 2, region: { x: 10, y: 10, width: 20, height: 20 } };
  expect(cellAt(cropped, { x: 9.9, y: 15 })).toBeUndefined();
  expect(cellAt(cropped, { x: 20, y: 15 })).toEqual({ x: 20, y: 10, width: 10, height: 10 });
});
