import { expect, test } from "vitest";
import { windowed } from "../../../src/image/display/window.ts";
import { draggedWindow, levelTable, shownTable, windowableOf } from "../../../web/viewer/grey.ts";
import type { ViewerPicture } from "../../../web/viewer/picture.ts";

const picture = (part: Partial<ViewerPicture>): ViewerPicture => ({
  width: 2,
  height: 2,
  channels: 1,
  shown: Uint8Array.of(0, 85, 170, 255),
  inverted: false,
  ...part,
});

test("a table has the levels of PS3.3's linear window for each of the 65,536 values", () => {
  const values = Uint16Array.of(0, 1000, 3000, 4095);
  const windowable = windowableOf(picture({ values, window: { center: 2048, width: 4096, exact: true } }));
  const table = levelTable(windowable, { center: 2048, width: 1000 }, false);
  expect(table.length).toBe(65_536);
  // C.11.2.1.3.2: black to 1548, white from 2548, and (x − 2048) / 1000 + ½ of the range between them.
  expect([0, 1548, 1798, 2048, 2298, 2548, 65_535].map((value) => table[value])).toEqual([
    ...[0, 0, 64, 128, 191, 255, 255],
  ]);
  for (let value = 0; value < 65_536; value += 97) {
    const share = windowed({ center: 2048, width: 1000, shape: "LINEAR_EXACT" }, value);
    expect(table[value]).toBe(Math.round(255 * share));
  }
});

test("DICOM's LINEAR window is this one half a value lower and one narrower", () => {
  const values = Uint16Array.of(0, 4095, 0, 0);
  const windowable = windowableOf(picture({ values, window: { center: 2047.5, width: 4095, exact: true } }));
  const table = levelTable(windowable, windowable.window, false);
  for (let value = 0; value < 4096; value++) {
    const share = windowed({ center: 2048, width: 4096, shape: "LINEAR" }, value);
    expect(table[value]).toBe(Math.round(255 * share));
  }
});

test("negative values are looked up by their lowest 16 bits", () => {
  const values = Int16Array.of(-1000, -1, 0, 1000);
  const windowable = windowableOf(picture({ values, window: { center: 0, width: 2000, exact: true } }));
  const table = levelTable(windowable, windowable.window, false);
  expect([...values].map((value) => table[value & 0xffff])).toEqual([0, 127, 128, 255]);
});

test("MONOCHROME1 is inverted once, and by hand once more", () => {
  const values = Uint16Array.of(0, 100, 155, 255);
  const windowable = windowableOf(
    picture({ values, window: { center: 127.5, width: 255, exact: true }, inverted: true }),
  );
  expect([0, 100, 255].map((value) => levelTable(windowable, windowable.window, false)[value])).toEqual([
    255, 155, 0,
  ]);
  expect([0, 100, 255].map((value) => levelTable(windowable, windowable.window, true)[value])).toEqual([
    0, 100, 255,
  ]);
  expect([0, 100, 255].map((level) => shownTable(true)[level])).toEqual([255, 155, 0]);
});

test("fractional values are told apart in 65,536 steps", () => {
  const values = Float32Array.of(-0.5, 0, 0.25, 1.5);
  const windowable = windowableOf(picture({ values, window: { center: 0.5, width: 2, exact: true } }));
  const table = levelTable(windowable, windowable.window, false);
  // (x + ½) / 2 of 255.
  expect([...windowable.codes].map((code) => table[code])).toEqual([0, 64, 96, 255]);
  expect(windowable.valueAt(65_535)).toBeCloseTo(1.5, 6);
});

test("without values the grey levels are windowed, at first as they are", () => {
  const windowable = windowableOf(picture({}));
  expect([...levelTable(windowable, windowable.window, false)]).toEqual(
    Array.from({ length: 256 }, (_, i) => i),
  );
});

test("dragging to the right widens the window, dragging down raises its centre", () => {
  const windowable = windowableOf(
    picture({ values: Uint16Array.of(0, 1, 2, 4000), window: { center: 2000, width: 4000, exact: true } }),
  );
  const from = windowable.window;
  expect(draggedWindow(from, windowable, 40, 0)).toEqual({ center: 2000, width: 4400 });
  expect(draggedWindow(from, windowable, 0, 40)).toEqual({ center: 2400, width: 4000 });
  expect(draggedWindow(from, windowable, -1e6, 0)).toEqual({ center: 2000, width: 1 });
});

test("padding is black in every window, also inverted", () => {
  const values = Int16Array.of(-2000, -1000, 0, 1000);
  const part = {
    values,
    window: { center: 0, width: 2000, exact: true },
    padding: { low: -2000, high: -2000 },
  };
  const windowable = windowableOf(picture(part));
  for (const window of [windowable.window, { center: -2000, width: 100 }]) {
    for (const isInverted of [false, true]) {
      expect(levelTable(windowable, window, isInverted)[-2000 & 0xffff]).toBe(0);
    }
  }
  expect(levelTable(windowable, windowable.window, true)[-1000 & 0xffff]).toBe(255);
  const fractional = windowableOf(picture({ ...part, values: Float32Array.from(values) }));
  const table = levelTable(fractional, fractional.window, true);
  expect([...fractional.codes].map((code) => table[code])).toEqual([0, 255, 128, 0]);
});
