import { expect, test } from "vitest";
import { explainKind, identify } from "../../src/formats/identify.ts";
import { Random } from "../../src/random.ts";
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
  ["a DICOM file whose preamble is the beginning of a TIFF", `II*\0${"\0".repeat(124)}DICM`, "dicom"],
  ["a git-lfs pointer", "version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "git-lfs"],
  ["a page with leading space", "\n  <html>", "html"],
  ["RIFF sound", "RIFF\0\0\0\0WAVE", "unknown"],
  ["ONNX from PyTorch", "\x08\x07\x12\x07pytorch", "onnx"],
  ["ONNX without a producer", "\x08\x0a\x3a\x04", "onnx"],
  ["ONNX without a version", "\x12\x07pytorch", "unknown"],
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

const CLASS = "\x08\0\x16\0UI\x04\x001.2\0";
const OBJECT = "\x08\0\x18\0UI\x04\x001.3\0";
const MODALITY = "\x08\0\x60\0CS\x02\0CR";
const MAKER = "\x08\0\x70\0LO\x02\0AB";

test("a DICOM data set without a preamble is identified, and nothing that is only nearly one", () => {
  const whole = CLASS + OBJECT + MODALITY + MAKER;
  expect(identify(ascii(whole))).toBe("dicom");
  expect(identify(ascii(CLASS + OBJECT))).toBe("dicom");
  for (const near of [
    CLASS,
    OBJECT + CLASS + MODALITY + MAKER,
    CLASS + OBJECT + OBJECT + MAKER,
    CLASS + OBJECT + MODALITY.replace("CS", "cs") + MAKER,
    whole.replaceAll("\x08\0", "\x09\0"),
    CLASS.replace("\x04", "\x03") + OBJECT + MODALITY + MAKER,
    `${CLASS}${OBJECT.replace("\x04\x00", "\x04\x40")}${MODALITY}${MAKER}`,
    "\x08\0\0\0\x05\0\0\0abcde",
  ]) {
    expect(identify(ascii(near)), JSON.stringify(near)).toBe("unknown");
  }
});

test("no other kind of file is taken for DICOM", () => {
  const others = [
    ascii(`\x08${"\0".repeat(7)}{}      `),
    new Uint8Array(4096),
    new Uint8Array(4096).fill(8),
    ascii('{"labels": ["Mass"], "architecture": "densenet121"}'),
    ascii("Image Index,Finding Labels\n00000001_000.png,Mass\n"),
    ascii("\x93NUMPY\x01\0v\0{'descr': '<f4'}"),
    ascii("\x02\0\0\0".repeat(64)),
    Uint8Array.from({ length: 4096 }, (_, i) => (i % 2 === 0 ? 8 : 0)),
  ];
  expect(others.map(identify)).not.toContain("dicom");
});

test("bytes drawn at random after a plausible beginning are not taken for DICOM", () => {
  const random = Random.of(15, "dicom");
  for (let i = 0; i < 20_000; i++) {
    const bytes = Uint8Array.from({ length: 64 }, () => random.int(256));
    bytes.set([i % 2 === 0 ? 8 : 2, 0, random.int(256), 0]);
    expect(identify(bytes)).not.toBe("dicom");
  }
});
