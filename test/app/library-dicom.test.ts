/** The library's options for DICOM files and input checks: voi, frame and force. */

import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Model } from "../../src/index.ts";
import { Random } from "../../src/random.ts";
import { fixtureBytes } from "../fixtures.ts";

const library: Promise<typeof import("../../src/index.ts")> = import(
  new URL("../../dist/index.js", import.meta.url).href
);

let model: Model;
beforeAll(async () => {
  model = await (await library).loadModel("demo");
});
afterAll(() => model.release());

test("frame chooses one of several, and a frame that is not there is refused", async () => {
  const file = fixtureBytes("dicom/display/odd-frames-rle.dcm");
  const [first] = await model.predict([file], { force: true });
  const [second] = await model.predict([file], { force: true, frame: 2 });
  expect(first!.preparation).toContain("frame 1 of 3");
  expect(first!.notes.join()).toMatch(/holds 3 frames; the first was read/);
  expect(second!.preparation).toContain("frame 2 of 3");
  expect(second!.notes).toEqual([]);
  expect(second!.logits).not.toEqual(first!.logits);
  await expect(model.predict([file], { force: true, frame: 4 })).rejects.toMatchObject({
    code: "dicom/no-such-frame",
  });
});

test("voi chooses how stored values become grey levels, and the receipt names it", async () => {
  const file = fixtureBytes("dicom/display/explicit-le-12u-MONOCHROME2-linear.dcm");
  const receipts = new Map<string, string>();
  for (const voi of ["default", "minmax", "full-range", "equalize"] as const) {
    const [found] = await model.predict([file], { force: true, voi });
    receipts.set(voi, found!.preparation.slice(1, -3).join("; "));
  }
  expect(receipts.get("default")).toMatch(/^window .* from the header$/);
  expect(receipts.get("minmax")).toMatch(/^min–max /);
  expect(receipts.get("full-range")).toMatch(/full range/);
  expect(receipts.get("equalize")).toMatch(/equali[sz]/);
});

test("noise is refused, and with force it is predicted with a warning and the same numbers as ever", async () => {
  const random = Random.of(5, "noise");
  const samples = Uint8Array.from({ length: 64 * 64 }, () => random.int(256));
  const raw = { width: 64, height: 64, channels: 1 } as const;
  const noise = new Uint8Array(await sharp(samples, { raw }).toColourspace("b-w").png().toBuffer());
  await expect(model.predict([noise])).rejects.toMatchObject({ code: "input/not-frontal-chest" });
  const [forced] = await model.predict([noise], { force: true });
  const outcomes = Object.fromEntries(forced!.checks.map(({ check, outcome }) => [check, outcome]));
  expect(outcomes).toMatchObject({ "frontal-chest": "warn", modality: "unknown", view: "unknown" });
});
