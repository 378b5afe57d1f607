/** All that one pass says about an image, in Node: the library's numbers, terms, what the network saw, and erasing. */

import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { FullReader } from "../../src/engine/full-reading.ts";
import { readModel, weightsOf } from "../../src/engine/read-model.ts";
import { viewerPicture } from "../../src/engine/viewer-picture.ts";
import { type EightBitImage, eightBits } from "../../src/image/prepare.ts";
import { decodeImage } from "../../src/node/decode.ts";
import { createSession } from "../../src/node/session.ts";
import { fixtureJson } from "../fixtures.ts";
import { mapDifference } from "../support/difference.ts";

type DemoExamples = Readonly<Record<string, { readonly logits: readonly number[] }>>;

const at = (path: string): Uint8Array => readFileSync(new URL(`../../${path}`, import.meta.url));

let reader: FullReader;
let image: EightBitImage;

beforeAll(async () => {
  const file = { name: "demo", bytes: at("models/demo.safetensors") };
  const model = weightsOf(await readModel(file));
  reader = await FullReader.open(model, (bytes, options) => createSession(bytes, { ...options, threads: 1 }));
  const decoded = await decodeImage(at("examples/images/00000001_000.png"));
  image = eightBits(decoded, model.card.preparation);
});
afterAll(() => reader.release());

test("terms and bias add up to the logits of the demo model", async () => {
  const { prediction, reading } = await reader.read("x.png", image, false);
  const { terms, bias, termLogits, shape, heatmaps } = reading;
  expect(shape).toEqual([14, 7, 7]);
  expect(heatmaps).toHaveLength(14 * 49);
  expect(termLogits).toEqual(prediction.logits);
  for (let c = 0; c < 14; c++) {
    const own = terms.subarray(c * 49, (c + 1) * 49);
    const size = own.reduce((sum, term) => sum + Math.abs(term), 0);
    const sum = own.reduce((total, term) => total + term, bias[c]!);
    expect(Math.abs(sum - termLogits[c]!)).toBeLessThan(1e-5 * size);
  }
});

test("the logits are those that PyTorch has for the demo model", async () => {
  const { logits } = fixtureJson<DemoExamples>("demo/examples.json")["00000001_000.png"]!;
  const { prediction } = await reader.read("x.png", image, false);
  expect(mapDifference(prediction.logits, logits)).toBeLessThan(1e-5);
});

test("what the network saw has its size, and covers the image", async () => {
  const { seen, region } = (await reader.read("x.png", image, false)).reading;
  expect([seen.width, seen.height, seen.channels]).toEqual([224, 224, 1]);
  expect(seen.data).toHaveLength(224 * 224);
  expect(region).toEqual({ x: 0, y: 0, width: image.raster.width, height: image.raster.height });
});

test("erasing nothing changes nothing, and erasing all leaves one grey", async () => {
  const { prediction, reading } = await reader.read("x.png", image, false);
  const { width, height } = image.raster;
  const nothing = await reader.erased("x.png", image, new Uint8Array(width * height));
  expect(Object.values(nothing.probabilities)).toEqual([...prediction.probabilities]);
  expect(nothing.terms).toEqual(reading.terms);
  expect(nothing.shown).toEqual(image.raster.data);
  const all = await reader.erased("x.png", image, new Uint8Array(width * height).fill(1));
  expect(new Set(all.shown).size).toBe(1);
  expect(Object.values(all.probabilities)).not.toEqual([...prediction.probabilities]);
});

test("16-bit samples are given to window, with the window that made the 8-bit ones", () => {
  const data = Uint16Array.of(0, 1000, 30_000, 65_535);
  const deep = { width: 2, height: 2, channels: 1, data, steps: [], notes: [] } as const;
  const picture = viewerPicture(eightBits(deep, reader.opened.card.preparation));
  expect(picture.values).toEqual(data);
  expect(picture.window).toEqual({ center: 32_767.5, width: 65_535, exact: true });
  const { center, width } = picture.window!;
  const levels = Array.from(data, (value) => Math.round(255 * ((value - center) / width + 0.5)));
  expect([...picture.shown]).toEqual(levels);
});
