import { expect, test } from "vitest";
import { blend } from "../../../src/report/overlay/blend.ts";
import { drawContours } from "../../../src/report/overlay/contour-lines.ts";
import { exportedPixels } from "../../../web/viewer/export.ts";
import { shownTable } from "../../../web/viewer/grey.ts";

const SIDE = 400;
const codes = Uint8Array.from({ length: SIDE * SIDE }, (_, i) => i % 251);
const rgb = {
  width: SIDE,
  height: SIDE,
  data: Uint8Array.from({ length: codes.length * 3 }, (_, i) => codes[Math.floor(i / 3)]!),
};
const overlay = {
  map: Float32Array.from({ length: 49 }, (_, i) => (i === 24 ? 1 : 0)),
  width: 7,
  height: 7,
  region: { x: 0, y: 0, width: SIDE, height: SIDE },
  finding: "Mass 81.20%",
};
const WISH = {
  level: { width: SIDE, height: SIDE, channels: 1, codes },
  table: shownTable(false),
  label: "a.png",
  overlay,
  style: "wash",
  opacity: 0.6,
  colormap: "inferno",
  mask: undefined,
  erased: 0,
} as const;

/** Whether samples are the same; quicker than a comparison that could print what differs. */
const same = (a: Uint8Array, b: Uint8Array): boolean => Buffer.from(a).equals(b);

/** The rows in the middle, where no label is. */
const middle = (data: Uint8Array) => data.subarray(SIDE * 3 * 100, SIDE * 3 * 340);

test("the middle of an exported picture is the command's overlay", () => {
  expect(same(middle(exportedPixels(WISH).data), middle(blend(rgb, overlay, "inferno").data))).toBe(true);
  expect(
    same(
      middle(exportedPixels({ ...WISH, style: "contour" }).data),
      middle(drawContours(rgb, overlay, "inferno").data),
    ),
  ).toBe(true);
  expect(same(middle(exportedPixels({ ...WISH, style: "none" }).data), middle(rgb.data))).toBe(true);
});

test("words are burned in at the top, and the scale at the bottom only with a heatmap", () => {
  const top = (data: Uint8Array) => data.subarray(0, SIDE * 3 * 60);
  const bottom = (data: Uint8Array) => data.subarray(SIDE * 3 * 370);
  const washed = blend(rgb, overlay, "inferno").data;
  const drawn = exportedPixels(WISH).data;
  expect(same(top(drawn), top(washed))).toBe(false);
  expect(same(bottom(drawn), bottom(washed))).toBe(false);
  const plain = exportedPixels({ ...WISH, style: "none" }).data;
  expect(same(top(plain), top(rgb.data))).toBe(false);
  expect(same(bottom(plain), bottom(rgb.data))).toBe(true);
});

test("what is erased is hatched", () => {
  const mask = new Uint8Array(codes.length);
  mask.fill(1, 200 * SIDE, 210 * SIDE);
  const plain = exportedPixels({ ...WISH, style: "none" }).data;
  const hatched = exportedPixels({ ...WISH, style: "none", mask, erased: 0.025 }).data;
  const row = (data: Uint8Array, y: number) => data.subarray(SIDE * 3 * y, SIDE * 3 * (y + 1));
  expect(same(row(hatched, 205), row(plain, 205))).toBe(false);
  expect(same(row(hatched, 215), row(plain, 215))).toBe(true);
});
