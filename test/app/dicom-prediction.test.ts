/** A DICOM file and a PNG of the grey levels that pydicom gives it have the same probabilities. */

import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Model } from "../../src/index.ts";
import { fixtureBytes, fixtureJson, fromBase64 } from "../fixtures.ts";

const library: Promise<typeof import("../../src/index.ts")> = import(
  new URL("../../dist/index.js", import.meta.url).href
);

const rows =
  fixtureJson<readonly { file: string; voi: string; exact: boolean; levels: string }[]>(
    "dicom/display/levels.json",
  );
const FILES = [
  "explicit-le-12u-MONOCHROME2-linear.dcm",
  "jpeg-lossless-16u-MONOCHROME1-padding-range.dcm",
  "htj2k-rpcl-16u-MONOCHROME2-padding.dcm",
];

let model: Model;
beforeAll(async () => {
  model = await (await library).loadModel("demo");
});
afterAll(() => model.release());

test.each(FILES)("%s", async (file) => {
  const { levels } = rows.find((row) => row.file === file && row.voi === "default")!;
  const raw = { width: 67, height: 45, channels: 1 } as const;
  const png = await sharp(fromBase64(levels), { raw }).toColourspace("b-w").png().toBuffer();
  const [ofDicom, ofPng] = await model.predict([fixtureBytes(`dicom/display/${file}`), new Uint8Array(png)], {
    force: true,
  });
  const wanted = Object.values(ofPng!.probabilities);
  expect(wanted).toHaveLength(14);
  for (const [i, value] of Object.values(ofDicom!.probabilities).entries())
    expect(Math.abs(value - wanted[i]!)).toBeLessThanOrEqual(1e-5);
});
