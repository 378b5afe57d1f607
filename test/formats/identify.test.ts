import { expect, test } from "vitest";
import { explainKind, identify } from "../../src/formats/identify.ts";
import { fixtureBytes } from "../fixtures.ts";

const ascii = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "latin1"));

test.each([
  ["image/decode/grey8.png", "png"],
  ["image/decode/grey.jpg", "jpeg"],
  ["image/decode/grey8.tif", "tiff"],
  ["image/decode/rgb-lossless.webp", "webp"],
  ["image/refused/picture.bmp", "bmp"],
  ["image/refused/picture.gif", "gif"],
  ["image/refused/page.png", "html"],
  ["image/refused/empty.png", "empty"],
  ["image/refused/text.png", "unknown"],
  ["checkpoints/torch/plain-zip.pth", "zip"],
  ["checkpoints/torch/plain-legacy.pth", "pickle"],
])("%s is identified as %s", (file, kind) => {
  expect(identify(fixtureBytes(file))).toBe(kind);
});

test.each([
  ["big-endian TIFF", "MM\0*", "tiff"],
  ["BigTIFF", "II+\0", "tiff"],
  ["a DICOM file", `${"\0".repeat(128)}DICM`, "dicom"],
  ["a git-lfs pointer", "version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "git-lfs"],
  ["a page with leading space", "\n  <html>", "html"],
  ["RIFF sound", "RIFF\0\0\0\0WAVE", "unknown"],
  ["one byte", "\x89", "unknown"],
])("%s is identified by its signature", (_, text, kind) => {
  expect(identify(ascii(text))).toBe(kind);
});

test("a file that is no image or checkpoint is explained, an unknown one is not", () => {
  expect(explainKind("git-lfs")).toContain("git lfs pull");
  expect(explainKind("html")).toContain("web page");
  expect(explainKind("unknown")).toBeUndefined();
  expect(explainKind("png")).toBeUndefined();
});
