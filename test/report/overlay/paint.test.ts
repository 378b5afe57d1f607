import { expect, test } from "vitest";
import { colourTable } from "../../../src/report/overlay/colormap.ts";
import { drawOverlay } from "../../../src/report/overlay/draw.ts";
import { panelLabels } from "../../../src/report/overlay/labels.ts";
import { fillText } from "../../../src/report/overlay/lettering.ts";
import { Mask } from "../../../src/report/overlay/mask.ts";
import { paintLabel } from "../../../src/report/overlay/paint-label.ts";
import { paint, type RgbPixels } from "../../../src/report/overlay/pixels.ts";
import { fillRectangle } from "../../../src/report/overlay/shapes.ts";
import { coverageOf, pixel } from "./pictures.ts";

function plain(width: number, height: number, value: number): RgbPixels {
  return { width, height, data: new Uint8Array(width * height * 3).fill(value) };
}

test("ink is mixed in by its opacity and by how much of a pixel is covered, and cut off at the border", () => {
  const image = { width: 2, height: 1, data: Uint8Array.of(10, 20, 30, 40, 50, 60) };
  const full = new Mask(3, 1);
  fillRectangle(full, 0, 0, 3, 1);
  paint(image, full, { left: 1, top: 0, opacity: 0.5 }, Uint8Array.of(200, 100, 0, 9, 9, 9, 9, 9, 9));
  expect([...image.data]).toEqual([10, 20, 30, 120, 75, 30]);
  const quarter = new Mask(1, 1);
  fillRectangle(quarter, 0.5, 0.5, 0.5, 0.5);
  paint(image, quarter, { left: 0, top: 0, opacity: 1 }, 250);
  // A quarter of 250 and three of what was there: 70, 77.5, 85.
  expect([...image.data]).toEqual([70, 78, 85, 120, 75, 30]);
});

test("ink beyond any border of the picture is cut off", () => {
  const image = plain(4, 4, 100);
  const mask = new Mask(3, 3);
  fillRectangle(mask, 0, 0, 3, 3);
  for (const [left, top] of [
    [-2, -2],
    [3, 3],
    [-9, 0],
    [0, 9],
  ] as const) {
    paint(image, mask, { left, top, opacity: 1 }, 0);
  }
  const changed = [...image.data.keys()].filter((i) => image.data[i] !== 100).map((i) => Math.floor(i / 3));
  expect([...new Set(changed)]).toEqual([0, 15]);
});

test("a label is a plate of six parts black in ten with words in white", () => {
  const image = plain(400, 300, 200);
  const [title] = panelLabels(400, 300, { title: "Ill", remarks: [], map: Float32Array.of(0, 1) });
  paintLabel(image, title!, "inferno");
  const { left, top, width, height, lines } = title!;
  const words = new Mask(width, height);
  for (const line of lines) fillText(words, line);
  const shares = coverageOf(words);
  for (let y = 4; y < height - 4; y++) {
    for (let x = 0; x < width; x++) {
      const share = shares[y * width + x]!;
      const expected = 80 * (1 - share) + 255 * share;
      expect(Math.abs(pixel(image, left + x, top + y)[0]! - expected)).toBeLessThanOrEqual(0.501);
    }
  }
  expect(Math.max(...shares)).toBeGreaterThan(0.7);
  expect(pixel(image, left - 1, top + 8)).toEqual([200, 200, 200]);
  expect(pixel(image, left + width, top + 8)).toEqual([200, 200, 200]);
});

test("the scale shows the colours of the colormap from cold to hot, each column's by its middle", () => {
  const image = plain(400, 300, 0);
  const label = panelLabels(400, 300, { title: "", remarks: [], map: Float32Array.of(0, 1) })[1]!;
  paintLabel(image, label, "viridis");
  const bar = label.bar!;
  const y = label.top + Math.round(bar.y + bar.height / 2);
  const table = colourTable("viridis");
  for (let x = Math.ceil(bar.x); x + 1 <= bar.x + bar.width; x++) {
    const heat = (x + 0.5 - bar.x) / bar.width;
    const at = Math.round(heat * 255) * 3;
    expect(pixel(image, label.left + x, y)).toEqual([...table.subarray(at, at + 3)]);
  }
});

test("the scale of contour lines shows their colours side by side", () => {
  const image = plain(400, 300, 0);
  const label = panelLabels(400, 300, { title: "", remarks: [], map: Float32Array.of(0, 1) }, "contour")[1]!;
  paintLabel(image, label, "viridis");
  const bar = label.bar!;
  const y = label.top + Math.round(bar.y + bar.height / 2);
  const table = colourTable("viridis");
  for (const [i, heat] of [0.3, 0.5, 0.7, 0.9].entries()) {
    const at = Math.round(heat * 255) * 3;
    for (const part of [0.1, 0.5, 0.9]) {
      const x = Math.floor(label.left + bar.x + ((i + part) / 4) * bar.width);
      expect(pixel(image, x, y)).toEqual([...table.subarray(at, at + 3)]);
    }
  }
});

test("an overlay is drawn at once, with labels or without, and its image stays as it was", () => {
  const grey = Uint16Array.from({ length: 200 * 100 }, (_, i) => (i * 37) % 65536);
  const decoded = { width: 200, height: 100, channels: 1 as const, data: grey, steps: [], notes: [] };
  const plan = {
    ...{ height: 1, width: 2, region: { x: 0, y: 0, width: 200, height: 100 } },
    panels: [{ map: Float32Array.of(0, 1), title: "Mass 50.00%", remarks: [], boxes: [] }],
    colormap: "inferno" as const,
  };
  const before = grey.slice();
  const labelled = drawOverlay(decoded, plan);
  const unlabelled = drawOverlay(decoded, { ...plan, isLabelled: false });
  expect(grey).toEqual(before);
  const apart = [...labelled.data.keys()].filter((i) => labelled.data[i] !== unlabelled.data[i]);
  const labels = panelLabels(200, 100, plan.panels[0]!);
  const isOn = (x: number, y: number) =>
    labels.some(
      ({ left, top, width, height }) => x >= left && x < left + width && y >= top && y < top + height,
    );
  expect(drawOverlay(decoded, { ...plan, style: "wash" })).toEqual(labelled);
  expect(drawOverlay(decoded, { ...plan, style: "contour" }).data).not.toEqual(labelled.data);
  expect(apart.length).toBeGreaterThan(3000);
  expect(apart.every((i) => isOn(Math.floor(i / 3) % 200, Math.floor(i / 600)))).toBe(true);
});
