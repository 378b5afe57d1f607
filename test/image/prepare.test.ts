import { expect, test } from "vitest";
import { parsePreparation, plainPreparation } from "../../src/image/preparation.ts";
import { type DecodedImage, eightBits, prepareImage, prepareSeen } from "../../src/image/prepare.ts";
import { bytesOf } from "../../src/tensor.ts";
import { fixtureJson, sha256 } from "../fixtures.ts";
import { pattern } from "./pattern.ts";

interface PrepareCase {
  readonly name: string;
  readonly seed: number;
  readonly channels: 1 | 3;
  readonly from: readonly [number, number];
  readonly preparation: unknown;
  readonly shape: readonly [number, number, number, number];
  readonly samples: Readonly<Record<string, number>>;
  readonly sha256: string;
  /** SHA-256 of the picture before it is normalised; with ten-crop, of the centre crop. */
  readonly seen: string;
}

interface SkimageCase {
  readonly name: string;
  readonly seed: number;
  readonly rows: readonly number[];
  readonly columns: readonly number[];
  /** Float32 values of these rows and columns. */
  readonly base64: string;
}

function noise(width: number, height: number, channels: 1 | 3, seed: number): DecodedImage {
  return {
    width,
    height,
    channels,
    data: pattern("noise", seed, width * height * channels),
    steps: ["decode"],
    notes: [],
  };
}

const { cases } = fixtureJson<{ cases: PrepareCase[] }>("image/prepare.json");

test.each(cases)("the network's input equals torchvision's in every bit: $name", (item) => {
  const image = noise(...item.from, item.channels, item.seed);
  const { input, views } = prepareImage(image, parsePreparation(item.preparation));
  expect(views).toBe(item.shape[0]);
  expect(input.length).toBe(item.shape.reduce((product, extent) => product * extent, 1));
  for (const [index, value] of Object.entries(item.samples)) expect(input[Number(index)]).toBe(value);
  expect(sha256(bytesOf(input))).toBe(item.sha256);
});

test.each(cases)("what the network sees is PIL's picture in every bit: $name", (item) => {
  const image = noise(...item.from, item.channels, item.seed);
  const preparation = parsePreparation(item.preparation);
  const { prepared, seen } = prepareSeen(eightBits(image, preparation), preparation);
  expect([seen.width, seen.height, seen.channels]).toEqual([item.shape[3], item.shape[2], item.channels]);
  expect(sha256(seen.data)).toBe(item.seen);
  expect(sha256(bytesOf(prepared.input))).toBe(item.sha256);
});

test("what a network of torchxrayvision sees is scikit-image's picture, scaled back to 8 bits", () => {
  const { cases: resized } = fixtureJson<{ cases: SkimageCase[] }>("image/skimage.json");
  const [wanted] = resized.filter(({ name }) => name === "xrv pipeline noise 300x257 to 224x224");
  const preparation = parsePreparation([
    { step: "grey" },
    { step: "normalise", scheme: "xrv" },
    { step: "center-square" },
    { step: "resize", width: 224, height: 224, resample: "skimage" },
  ]);
  const { seen } = prepareSeen(eightBits(noise(300, 257, 1, wanted!.seed), preparation), preparation);
  const bytes = Uint8Array.from(Buffer.from(wanted!.base64, "base64"));
  const expected = new Float32Array(bytes.buffer);
  const { rows, columns } = wanted!;
  for (const [i, row] of rows.entries()) {
    for (const [j, column] of columns.entries()) {
      const level = (expected[i * columns.length + j]! / 1024 + 1) * 127.5;
      expect(Math.abs(seen.data[row * 224 + column]! - level)).toBeLessThan(0.51);
    }
  }
});

test("the receipt lists the decoder's steps and every step of the preparation", () => {
  const { receipt, original } = prepareImage(noise(300, 200, 1, 1), plainPreparation());
  expect(receipt).toEqual(["decode", "rgb", "resize 224x224 bilinear antialias", "normalise imagenet"]);
  expect(original).toEqual({ width: 300, height: 200 });
});

test("sixteen bits become eight before anything else, and the receipt says so", () => {
  const shallow = noise(70, 80, 1, 2);
  const deep = { ...shallow, data: Uint16Array.from(shallow.data, (value) => value * 257) };
  const prepared = prepareImage(deep, plainPreparation(64));
  expect(prepared.receipt).toEqual([
    "decode",
    "16 to 8 bits",
    "rgb",
    "resize 64x64 bilinear antialias",
    "normalise imagenet",
  ]);
  expect(prepared.input).toEqual(prepareImage(shallow, plainPreparation(64)).input);
});

test("a straight resize sees the whole image", () => {
  const { region } = prepareImage(noise(300, 200, 1, 3), plainPreparation());
  expect(region).toEqual({ x: 0, y: 0, width: 300, height: 200 });
});

test("the region of a centre crop is the centred part of the original that the network sees", () => {
  const steps = parsePreparation([
    { step: "rgb" },
    { step: "resize-shorter", size: 256 },
    { step: "center-crop", size: 224 },
    { step: "normalise", scheme: "imagenet" },
  ]);
  // 512×1024 becomes 256×512: each pixel stands for 2×2 of the original, and the margins are 16 and 144.
  const { region } = prepareImage(noise(512, 1024, 1, 4), steps);
  expect(region).toEqual({ x: 32, y: 288, width: 448, height: 448 });
});

test("the region of ten-crop is that of its centre crop", () => {
  const steps = parsePreparation([
    { step: "rgb" },
    { step: "resize-shorter", size: 128 },
    { step: "ten-crop", size: 64 },
    { step: "normalise", scheme: "imagenet" },
  ]);
  const { region, views } = prepareImage(noise(256, 256, 1, 5), steps);
  expect(views).toBe(10);
  expect(region).toEqual({ x: 64, y: 64, width: 128, height: 128 });
});

test("ten-crop of an image that is too small is refused with both sizes", () => {
  const steps = parsePreparation([
    { step: "rgb" },
    { step: "ten-crop", size: 64 },
    { step: "normalise", scheme: "imagenet" },
  ]);
  expect(() => prepareImage(noise(63, 100, 1, 6), steps)).toThrow(
    expect.objectContaining({ code: "image/too-small", details: { size: 64, width: 63, height: 100 } }),
  );
});
