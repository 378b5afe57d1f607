import { expect, test } from "vitest";
import { blend } from "../../../src/report/overlay/blend.ts";
import { drawOverlay } from "../../../src/report/overlay/draw.ts";
import { shownTable } from "../../../web/viewer/grey.ts";
import { halved, Levels, levelFor } from "../../../web/viewer/levels.ts";
import { rasterOf } from "../../../web/viewer/raster.ts";

const [WIDTH, HEIGHT] = [61, 47];
const codes = Uint8Array.from({ length: WIDTH * HEIGHT }, (_, i) => (i * 37) % 256);
const level = { width: WIDTH, height: HEIGHT, channels: 1, codes } as const;
const WHOLE = { left: 0, top: 0, right: WIDTH, bottom: HEIGHT };
const map = Float32Array.from({ length: 49 }, (_, i) => ((i * 13) % 49) / 7);
const placed = { map, width: 7, height: 7, region: { x: 5, y: 2, width: 43, height: 43 } };

/** The samples without their fourth channel. */
const rgbOf = (rgba: Uint8Array): Uint8Array => rgba.filter((_, i) => i % 4 !== 3);

test("a picture is drawn as it is, opaque", () => {
  const { data } = rasterOf(level, WHOLE, shownTable(false), undefined);
  expect([...data.subarray(0, 12)]).toEqual([0, 0, 0, 255, 37, 37, 37, 255, 74, 74, 74, 255]);
});

test("a wash equals the picture that predict --gradcam draws, bit for bit", () => {
  const wash = { placed, colormap: "inferno", opacity: 0.6 } as const;
  const plan = {
    ...placed,
    panels: [{ map, title: "", remarks: [], boxes: [] }],
    colormap: "inferno",
  } as const;
  const drawn = drawOverlay(
    { width: WIDTH, height: HEIGHT, channels: 1, data: codes, steps: [], notes: [] },
    { ...plan, isLabelled: false },
  );
  expect(rgbOf(rasterOf(level, WHOLE, shownTable(false), wash).data)).toEqual(drawn.data);
});

test("every grey level under every level of heat is mixed as the command mixes it", () => {
  const [width, height] = [256, 1024];
  const greys = Uint8Array.from({ length: width * height }, (_, i) => i % width);
  const ramp = { map: Float32Array.from({ length: height }, (_, i) => i), width: 1, height };
  const over = { ...ramp, region: { x: 0, y: 0, width, height } };
  const rgb = Uint8Array.from({ length: greys.length * 3 }, (_, i) => greys[Math.floor(i / 3)]!);
  const wash = { placed: over, colormap: "turbo", opacity: 0.6 } as const;
  const part = { left: 0, top: 0, right: width, bottom: height };
  const drawn = rasterOf({ width, height, channels: 1, codes: greys }, part, shownTable(false), wash);
  const expected = blend({ width, height, data: rgb }, over, "turbo").data;
  expect(Buffer.from(rgbOf(drawn.data)).equals(expected)).toBe(true);
});

test("a part of a wash is that part of the whole", () => {
  const wash = { placed, colormap: "viridis", opacity: 0.6 } as const;
  const part = { left: 11, top: 7, right: 40, bottom: 30 };
  const whole = rasterOf(level, WHOLE, shownTable(false), wash).data;
  const { width, height, data } = rasterOf(level, part, shownTable(false), wash);
  expect([width, height]).toEqual([29, 23]);
  for (let y = 0; y < height; y++) {
    const from = ((y + part.top) * WIDTH + part.left) * 4;
    expect(data.subarray(y * width * 4, (y + 1) * width * 4)).toEqual(whole.subarray(from, from + width * 4));
  }
});

test("colour is drawn through the table, channel by channel, and washed like grey", () => {
  const colour = { width: 2, height: 1, channels: 3, codes: Uint8Array.of(10, 20, 30, 40, 50, 60) } as const;
  const all = { left: 0, top: 0, right: 2, bottom: 1 };
  expect([...rasterOf(colour, all, shownTable(true), undefined).data]).toEqual([
    245, 235, 225, 255, 215, 205, 195, 255,
  ]);
  const over = {
    map: Float32Array.of(0, 1),
    width: 2,
    height: 1,
    region: { x: 0, y: 0, width: 2, height: 1 },
  };
  const wash = { placed: over, colormap: "jet", opacity: 0.6 } as const;
  const expected = blend({ width: 2, height: 1, data: colour.codes }, over, "jet").data;
  expect(rgbOf(rasterOf(colour, all, shownTable(false), wash).data)).toEqual(expected);
});

test("half the size has the means of four samples, at an odd edge of two, and keeps signs", () => {
  const odd = { width: 3, height: 2, channels: 1, codes: Int16Array.of(-8, -4, 100, -2, -6, 200) } as const;
  const { width, height, codes: half } = halved(odd);
  expect([width, height, ...half]).toEqual([2, 1, -5, 150]);
  const levels = new Levels(odd);
  expect(levels.at(0).codes).toBe(odd.codes);
  expect(levels.at(2).codes.length).toBe(1);
});

test("the level that is drawn has a sample for each pixel of the canvas", () => {
  expect([1, 0.8, 0.51, 0.5, 0.26, 0.25, 4].map((scale) => levelFor(scale))).toEqual([0, 0, 0, 1, 1, 2, 0]);
  expect([1, 0.8, 0.5, 0.4].map((scale) => levelFor(scale, true))).toEqual([0, 1, 1, 2]);
});
