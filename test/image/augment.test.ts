import { expect, test } from "vitest";
import { type AugmentedView, drawView, randomCrop } from "../../src/image/augment.ts";
import { adjustContrast } from "../../src/image/contrast.ts";
import type { Region } from "../../src/image/crop.ts";
import { parsePreparation, plainPreparation } from "../../src/image/preparation.ts";
import { type DecodedImage, prepareImage } from "../../src/image/prepare.ts";
import type { Raster8 } from "../../src/image/resample.ts";
import { rotateBilinear } from "../../src/image/rotate.ts";
import { XRV_PREPARATION } from "../../src/models/card.ts";
import { Random } from "../../src/random.ts";
import { bytesOf } from "../../src/tensor.ts";
import { fixtureJson, fromBase64, sha256 } from "../fixtures.ts";
import { expectSameBits } from "../support/same-bits.ts";
import { type Pattern, pattern } from "./pattern.ts";

interface Picture {
  readonly kind: Pattern;
  readonly seed: number;
  readonly channels: 1 | 3;
  readonly size: readonly [number, number];
  /** Hash of the expected samples, which are listed, too, if they are few. */
  readonly sha256: string;
  readonly base64?: string;
}

const { crops, rotations, contrasts, views } = fixtureJson<{
  crops: {
    readonly size: readonly [number, number];
    /** What get_params drew: fractions of the area and logarithms of the proportions; then rows and columns. */
    readonly uniforms: readonly number[];
    readonly ints: readonly number[];
    readonly crop: Region;
  }[];
  rotations: (Picture & { readonly angle: number })[];
  contrasts: (Picture & { readonly factor: number })[];
  views: (Picture & {
    readonly name: string;
    readonly side: number;
    readonly view: AugmentedView;
    readonly input_sha256: string;
  })[];
}>("image/augment.json");

function raster({ kind, seed, channels, size: [width, height] }: Picture): Raster8 {
  return { width, height, channels, data: pattern(kind, seed, width * height * channels) };
}

function expectSamples({ data }: Raster8, { base64, sha256: hash }: Picture): void {
  if (base64 !== undefined) expectSameBits(new Uint8Array(data), fromBase64(base64));
  expect(sha256(data)).toBe(hash);
}

test.each(rotations)("turning $size by $angle° equals PIL's in every bit: $kind, $channels", (item) => {
  const image = raster(item);
  expectSamples(rotateBilinear(image, item.angle), item);
  expectSameBits(image.data, raster(item).data);
});

test.each(contrasts)("contrast $factor equals PIL's in every bit: $kind, $channels", (item) => {
  const image = raster(item);
  expectSamples(adjustContrast(image, item.factor), item);
  expectSameBits(image.data, raster(item).data);
});

test.each(crops)("the crop of $size is what torchvision makes of the same draws: $crop", (item) => {
  const [uniforms, ints] = [[...item.uniforms], [...item.ints]];
  const asked: number[][] = [];
  const crop = randomCrop(
    {
      uniform: (low, high) => {
        asked.push([low, high]);
        return uniforms.shift()!;
      },
      int: () => ints.shift()!,
      chance: () => false,
    },
    { width: item.size[0], height: item.size[1] },
  );
  expect(crop).toEqual(item.crop);
  expect([uniforms, ints]).toEqual([[], []]);
  expect(asked.slice(0, 2)).toEqual([
    [0.8, 1],
    [Math.log(0.9), Math.log(1.1)],
  ]);
});

const decoded = (image: Raster8): DecodedImage => ({ ...image, steps: ["decode"], notes: [] });

test.each(views)("the network's input of a view equals torchvision's in every bit: $name", (item) => {
  const { input } = prepareImage(decoded(raster(item)), plainPreparation(item.side), item.view);
  expect(sha256(bytesOf(input))).toBe(item.input_sha256);
});

test("grey and the same grey as RGB give the same input", () => {
  const item = views[0]!;
  const grey = raster(item);
  const rgb = Uint8Array.from({ length: grey.data.length * 3 }, (_, i) => grey.data[Math.trunc(i / 3)]!);
  const three = prepareImage(decoded({ ...grey, channels: 3, data: rgb }), plainPreparation(), item.view);
  expectSameBits(three.input, prepareImage(decoded(grey), plainPreparation(), item.view).input);
});

const NOISE = decoded(raster({ kind: "noise", seed: 1, channels: 1, size: [300, 280], sha256: "" }));
const WHOLE: AugmentedView = {
  crop: { x: 0, y: 0, width: 300, height: 280 },
  flip: false,
  angle: 0,
  contrast: 1,
};

test("the receipt tells the view", () => {
  const view = {
    crop: { x: 4, y: 2, width: 290, height: 270 },
    flip: true,
    angle: -2.5,
    contrast: 1.08,
  };
  const { receipt, region } = prepareImage(NOISE, plainPreparation(), view);
  expect(receipt).toEqual([
    "decode",
    "crop 290x270 at 4,2",
    "rgb",
    "resize 224x224 bilinear antialias",
    "flip",
    "rotate -2.50 degrees",
    "contrast 1.080",
    "normalise imagenet",
  ]);
  expect(region).toEqual(view.crop);
});

const CENTRED = parsePreparation([
  { step: "rgb" },
  { step: "resize-shorter", size: 256 },
  { step: "center-crop", size: 224 },
  { step: "normalise", scheme: "imagenet" },
]);

test.each([
  ["plain", plainPreparation()],
  ["centre crop", CENTRED],
  ["torchxrayvision's", XRV_PREPARATION],
])("a view of the whole image that changes nothing is the plain preparation: %s", (_, preparation) => {
  expectSameBits(prepareImage(NOISE, preparation, WHOLE).input, prepareImage(NOISE, preparation).input);
});

test.each([
  ["centre crop", CENTRED],
  ["torchxrayvision's", XRV_PREPARATION],
])("a crop is prepared as an image of its own: %s", (_, preparation) => {
  const crop = { x: 5, y: 7, width: 270, height: 260 };
  const data = Uint8Array.from(
    { length: 270 * 260 },
    (_, i) => NOISE.data[(Math.trunc(i / 270) + 7) * 300 + 5 + (i % 270)]!,
  );
  const alone = prepareImage({ ...NOISE, width: 270, height: 260, data }, preparation);
  expectSameBits(prepareImage(NOISE, preparation, { ...WHOLE, crop }).input, alone.input);
});

test("a flip of torchxrayvision's preparation mirrors its input", () => {
  const square = { ...NOISE, width: 280, height: 300 };
  const whole = { ...WHOLE, crop: { x: 0, y: 0, width: 280, height: 300 } };
  const plain = prepareImage(square, XRV_PREPARATION, whole).input;
  const flipped = prepareImage(square, XRV_PREPARATION, { ...whole, flip: true }).input;
  for (const at of [0, 100, 224 * 10 + 3, 224 * 223 + 223]) {
    const [y, x] = [Math.trunc(at / 224), at % 224];
    expect(flipped[at]).toBeCloseTo(plain[y * 224 + 223 - x]!, 2);
  }
});

test("ten-crop is refused", () => {
  const ten = parsePreparation([
    { step: "rgb" },
    { step: "ten-crop", size: 224 },
    { step: "normalise", scheme: "imagenet" },
  ]);
  expect(() => prepareImage(NOISE, ten, WHOLE)).toThrow(
    expect.objectContaining({ code: "augment/ten-crop" }),
  );
});

test("the same stream draws the same view, and views keep their ranges", () => {
  const size = { width: 1024, height: 1024 };
  expect(drawView(Random.of(3, "view"), "standard", size)).toEqual(
    drawView(Random.of(3, "view"), "standard", size),
  );
  const drawn = Array.from({ length: 2000 }, (_, i) => drawView(Random.of(3, "view", i), "standard", size));
  for (const { crop, angle, contrast } of drawn) {
    expect(crop.x >= 0 && crop.y >= 0 && crop.x + crop.width <= 1024 && crop.y + crop.height <= 1024).toBe(
      true,
    );
    expect(crop.width * crop.height).toBeGreaterThan(0.798 * 1024 ** 2);
    expect(Math.abs(angle)).toBeLessThanOrEqual(7);
    expect(Math.abs(contrast - 1)).toBeLessThanOrEqual(0.15);
  }
  const mean = (pick: (view: AugmentedView) => number) =>
    drawn.reduce((sum, view) => sum + pick(view), 0) / drawn.length;
  expect(mean(({ flip }) => Number(flip))).toBeCloseTo(0.5, 1);
  expect(Math.abs(mean(({ angle }) => angle))).toBeLessThan(0.3);
  expect(mean(({ contrast }) => contrast)).toBeCloseTo(1, 2);
  expect(mean(({ crop }) => (crop.width * crop.height) / 1024 ** 2)).toBeCloseTo(0.88, 1);
});

test("a flip alone sees the whole image", () => {
  const view = drawView(Random.of(1), "flip", { width: 30, height: 20 });
  expect(view).toEqual({
    crop: { x: 0, y: 0, width: 30, height: 20 },
    flip: expect.any(Boolean),
    angle: 0,
    contrast: 1,
  });
});
