/**
 * The installed package decodes compressed DICOM frames: the decoders are a WebAssembly file of a dependency, which packing
 * or bundling could lose.
 */

import { copyFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import sharp from "sharp";
import { expect, inject, test } from "vitest";
import { fixtureJson, fromBase64 } from "../fixtures.ts";
import { start } from "./tools.ts";

const folder = inject("folder");
const DISPLAY = fileURLToPath(new URL("../../fixtures/dicom/display/", import.meta.url));
const rows =
  fixtureJson<readonly { readonly file: string; readonly levels: string }[]>("dicom/display/levels.json");

test.each([
  "jpeg-ls-12u-MONOCHROME2-inverse",
  "jpeg-2000-12s-MONOCHROME2-none",
  "htj2k-rpcl-16u-MONOCHROME2-padding",
])("the installed command decodes %s to pydicom's grey levels", async (name) => {
  copyFileSync(join(DISPLAY, `${name}.dcm`), join(folder, "frame.dcm"));
  const bin = join("node_modules", "medical-x", "dist", "bin", "medical-x.js");
  const ran = start(folder, process.execPath, bin, "data", "image", "frame.dcm", "--to", "frame.png");
  expect(ran).toMatchObject({ code: 0 });
  const { data } = await sharp(readFileSync(join(folder, "frame.png")))
    .toColourspace("b-w")
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { levels } = rows.find(({ file }) => file === `${name}.dcm`)!;
  expect([...data]).toEqual([...fromBase64(levels)]);
});

test("so does the installed library", () => {
  copyFileSync(join(DISPLAY, "jpeg-ls-12u-MONOCHROME2-inverse.dcm"), join(folder, "frame.dcm"));
  const script = `import { loadModel } from "medical-x";
    const model = await loadModel("demo");
    const [{ preparation }] = await model.predict(["frame.dcm"], { force: true });
    console.log(preparation[0]);
    await model.release();`;
  expect(start(folder, process.execPath, "--input-type=module", "-e", script)).toEqual({
    code: 0,
    output: "decode dicom 67x45 grey12 of 16, JPEG-LS lossless\n",
  });
});
