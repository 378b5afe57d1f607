import { expect, test } from "vitest";
import {
  bitsOf,
  channelsOf,
  inputSizeOf,
  parsePreparation,
  plainPreparation,
  viewsOf,
  withBits,
} from "../../src/image/preparation.ts";
import { prepareImage } from "../../src/image/prepare.ts";

const twelve = { step: "bits", bits: 12 };
const rgb = { step: "rgb" };
const grey = { step: "grey" };
const pil = { step: "resize", width: 224, height: 224, resample: "pil" };
const skimage = { ...pil, resample: "skimage" };
const shorter = { step: "resize-shorter", size: 256 };
const center = { step: "center-crop", size: 224 };
const square = { step: "center-square" };
const ten = { step: "ten-crop", size: 224 };
const imagenet = { step: "normalise", scheme: "imagenet" };
const xrv = { step: "normalise", scheme: "xrv" };

test("a plain .pth is resized straight to 224 and normalised by ImageNet's numbers", () => {
  expect(plainPreparation()).toEqual([rgb, pil, imagenet]);
  expect(plainPreparation(320)[1]).toEqual({ ...pil, width: 320, height: 320 });
});

test.each([
  ["a straight resize", [rgb, pil, imagenet], 3, [224, 224], 1],
  ["an oblong resize", [rgb, { ...pil, width: 320, height: 256 }, imagenet], 3, [320, 256], 1],
  ["a centre crop", [rgb, shorter, center, imagenet], 3, [224, 224], 1],
  ["ten crops", [rgb, shorter, ten, imagenet], 3, [224, 224], 10],
  ["12 bits of 16", [twelve, rgb, pil, imagenet], 3, [224, 224], 1],
  ["8 bits of 16, torchxrayvision's", [{ ...twelve, bits: 8 }, grey, xrv, square, skimage], 1, [224, 224], 1],
  ["torchxrayvision's", [grey, xrv, square, skimage], 1, [224, 224], 1],
  ["one channel resized by PIL", [grey, pil, xrv], 1, [224, 224], 1],
  ["the smallest size", [rgb, { ...pil, width: 64, height: 64 }, imagenet], 3, [64, 64], 1],
  ["the largest size", [rgb, { ...pil, width: 4096, height: 4096 }, imagenet], 3, [4096, 4096], 1],
] as const)("%s is read, with its channels, size and views", (_, steps, channels, [width, height], views) => {
  const preparation = parsePreparation(JSON.parse(JSON.stringify(steps)));
  expect(preparation).toEqual(steps);
  expect(channelsOf(preparation)).toBe(channels);
  expect(inputSizeOf(preparation)).toEqual({ width, height });
  expect(viewsOf(preparation)).toBe(views);
});

test.each([
  ["no list", { step: "rgb" }, "preparation must be a list of steps, but is an object"],
  ["null", null, "preparation must be a list of steps, but is null"],
  ["an empty list", [], "normalise once"],
  ["null for a step", [rgb, null, imagenet], "preparation[1] must be a JSON object, but is null"],
  ["an unknown step", [rgb, { step: "blur" }, imagenet], 'ten-crop, normalise, but is "blur"'],
  [
    "a step named for a method of all objects",
    [rgb, { step: "constructor" }, imagenet],
    'but is "constructor"',
  ],
  [
    "a size of 63",
    [rgb, { ...pil, width: 63 }, imagenet],
    "preparation[1].width must be a whole number from 64 to 4096, but is 63",
  ],
  [
    "a size of 4097",
    [rgb, { ...pil, height: 4097 }, imagenet],
    "preparation[1].height must be a whole number from 64 to 4096, but is 4097",
  ],
  ["a size that is text", [rgb, { ...shorter, size: "256" }, center, imagenet], '64 to 4096, but is "256"'],
  ["a broken size", [rgb, { ...center, size: 224.5 }, imagenet], "size must be a whole number"],
  [
    "an unknown filter",
    [rgb, { ...pil, resample: "cv2" }, imagenet],
    'preparation[1].resample must be one of pil, skimage, but is "cv2"',
  ],
  [
    "an unknown scheme",
    [rgb, pil, { step: "normalise", scheme: "caffe" }],
    'one of imagenet, xrv, but is "caffe"',
  ],
  [
    "7 bits",
    [{ ...twelve, bits: 7 }, rgb, pil, imagenet],
    "preparation[0].bits must be a whole number from 8 to 16, but is 7",
  ],
  ["17 bits", [{ ...twelve, bits: 17 }, rgb, pil, imagenet], "from 8 to 16, but is 17"],
  ["half a bit", [{ ...twelve, bits: 11.5 }, rgb, pil, imagenet], "from 8 to 16, but is 11.5"],
  ["bits that are text", [{ ...twelve, bits: "12" }, rgb, pil, imagenet], 'from 8 to 16, but is "12"'],
  ["bits twice", [twelve, twelve, rgb, pil, imagenet], "bits must be its first step"],
  ["bits behind the colour", [rgb, twelve, pil, imagenet], "bits must be its first step"],
  ["bits at the end", [rgb, pil, imagenet, twelve], "bits must be its first step"],
  ["no colour step behind bits", [twelve, pil, imagenet], 'needs "rgb" as the first'],
  ["no normalisation", [rgb, pil], "normalise once"],
  ["two normalisations", [rgb, pil, imagenet, imagenet], "normalise once"],
  ["no colour step", [pil, imagenet], 'needs "rgb" as the first'],
  ["a late colour step", [pil, rgb, imagenet], 'needs "rgb" as the first'],
  ["two colour steps", [rgb, grey, pil, imagenet], "only colour step"],
  ["grey under ImageNet's numbers", [grey, pil, imagenet], 'needs "rgb"'],
  ["colour under torchxrayvision's numbers", [rgb, pil, xrv], 'needs "grey"'],
  ["a step behind ImageNet's normalisation", [rgb, imagenet, square], "must be its last step"],
  ["PIL after normalising", [grey, xrv, pil], "PIL resizes before normalising"],
  ["scikit-image before normalising", [grey, skimage, xrv], "scikit-image after it"],
  ["Resize(256) after normalising", [grey, xrv, shorter, center], "PIL resizes before normalising"],
  ["ten crops of ten crops", [rgb, shorter, ten, ten, imagenet], "crops twice"],
])("%s is refused by name", (_, value, words) => {
  expect(() => parsePreparation(value)).toThrow(words);
  expect(() => parsePreparation(value)).toThrow(expect.objectContaining({ code: "preparation/invalid" }));
});

test("bits are put before a preparation, or in place of its own", () => {
  const plain = plainPreparation();
  expect(bitsOf(plain)).toBeUndefined();
  expect(withBits(plain, undefined)).toBe(plain);
  expect(withBits(plain, 12)).toEqual([twelve, rgb, pil, imagenet]);
  expect(withBits(withBits(plain, 12), 14)).toEqual([{ ...twelve, bits: 14 }, rgb, pil, imagenet]);
  expect(bitsOf(withBits(plain, 12))).toBe(12);
});

test("a preparation that never sets the size is refused", () => {
  const noSize = () => parsePreparation([grey, xrv]);
  expect(noSize).toThrow(expect.objectContaining({ code: "preparation/no-size" }));
});

test.each([
  ["a crop after Resize(256)", [rgb, shorter, center, imagenet]],
  ["Resize(256) after a crop", [rgb, center, shorter, imagenet]],
  ["Resize(256) after a resize", [rgb, { ...pil, width: 300 }, shorter, imagenet]],
  ["a square cut from an oblong", [rgb, { ...pil, width: 320 }, square, imagenet]],
])("%s is refused, or its size is the one that the image gets", (_, steps) => {
  const image = {
    width: 300,
    height: 400,
    channels: 3 as const,
    data: new Uint8Array(360_000),
    steps: [],
    notes: [],
  };
  const outcome = () => {
    const preparation = parsePreparation(steps);
    const { width, height } = inputSizeOf(preparation);
    const { input } = prepareImage(image, preparation);
    const plane = width * height;
    return [0, 1, 2].map((c) => [...new Set(input.subarray(c * plane, (c + 1) * plane))]);
  };
  let made: ReturnType<typeof outcome> | "refused";
  try {
    made = outcome();
  } catch (error) {
    expect(error).toMatchObject({ code: expect.stringMatching(/^preparation\//) });
    made = "refused";
  }
  // A black image, so every plane holds one value: (0 − mean) / std.
  const black = [
    [0.485, 0.229],
    [0.456, 0.224],
    [0.406, 0.225],
  ].map(([mean, std]) => [Math.fround(Math.fround(-mean!) / Math.fround(std!))]);
  expect(["refused", black]).toContainEqual(made);
});
