/** `models convert --dtype int8`; int8.long.test.ts has what other commands do with the file. */

import { existsSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Int8Desk } from "./int8-desk.ts";
import { words } from "./run.ts";

const desk = new Int8Desk();
afterAll(() => desk.remove());

beforeAll(() => desk.prepareDemo(), 240_000);

test("a data folder is divided by patient, and the card says what int8 costs on both parts", async () => {
  const { quantised, unmatched, tensors } = await desk.inspect("demo.int8.onnx");
  expect(unmatched).toEqual([]);
  expect(tensors.filter(({ name, dtype }) => name.endsWith(".codes") && dtype === "int8")).toHaveLength(180);
  const { calibration, heldOut, float32, data, images } = quantised!;
  expect(images).toBe(10);
  expect(data).toMatch(/^10 images of \d+ patients, Data_Entry_2017\.csv, drawn phantoms$/);
  expect(float32).toEqual(["features.conv0", "features.norm0", "features.norm5", "classifier"]);
  // A patient of whom only some images fit is in neither part.
  expect(heldOut!.images).toBeGreaterThan(40);
  for (const { auroc, meanDifference, largestDifference } of [calibration, heldOut!]) {
    expect(Math.abs(auroc!.int8 - auroc!.float32)).toBeLessThan(0.005);
    expect(auroc!.float32).toBeGreaterThan(0.9);
    expect(meanDifference).toBeLessThan(0.005);
    expect(meanDifference).toBeGreaterThan(0);
    expect(largestDifference).toBeGreaterThan(meanDifference);
  }
  const text = (await desk.run(words("models inspect demo.int8.onnx"))).stdout;
  expect(text).toMatch(/Quantised {3}: .*int8 from -64 to 64/);
  expect(text).toMatch(/on other images \(\d+ images\): mean AUROC 0\.\d{4} in float32, 0\.\d{4} in int8/);
});

test("without images, with none that can be read, or for another format: refused, and nothing is written", async () => {
  desk.put("broken.png", "not a picture");
  const to = (file: string, more = "") =>
    desk.run(words(`models convert small.safetensors --to ${file} ${more}`.trim()));
  const refused = [
    [await to("no.onnx", "--dtype int8"), 2, /int8 needs images .* \(--calibrate\)\n$/],
    [await to("no.pth", "--dtype int8 --calibrate p"), 2, /only an ONNX file can be written in int8/],
    [await to("no.onnx", "--calibrate p"), 2, /only of use for int8/],
    [await desk.convert("broken.png", "no.onnx"), 2, /none of 1 image can be used; nothing was written/],
    [await desk.convert("nowhere", "no.onnx"), 2, /nowhere/],
  ] as const;
  for (const [{ code, stderr }, expected, message] of refused) {
    expect(stderr).toMatch(message);
    expect(code).toBe(expected);
  }
  expect(["no.onnx", "no.pth"].filter((name) => existsSync(desk.path(name)))).toEqual([]);
});
