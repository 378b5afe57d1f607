import { expect, test } from "vitest";
import { toEightBits } from "../../src/image/colour.ts";
import type { DecodedImage } from "../../src/image/prepare.ts";
import { decodeRaster, encodeCanvas } from "../../src/node/raster.ts";
import { fixtureBytes, fixtureFiles, fixtureJson, fromBase64 } from "../fixtures.ts";

interface Expected {
  readonly width: number;
  readonly height: number;
  readonly bits: 8 | 16;
  /** 0 where the format is lossless; 1 where two JPEG or WebP decoders may round a colour differently. */
  readonly tolerance: 0 | 1;
  /** PIL's pixels, upright, as RGB; 16-bit samples as value/257, rounded. */
  readonly rgb: string;
}

function asRgb({ channels, data }: DecodedImage): Uint8Array {
  const eight = data instanceof Uint16Array ? toEightBits(data) : data;
  return channels === 3
    ? eight
    : Uint8Array.from({ length: eight.length * 3 }, (_, i) => eight[Math.floor(i / 3)]!);
}

test.each(fixtureFiles("image/decode"))("%s decodes to PIL's pixels", async (file) => {
  const expected = fixtureJson<Expected>(`image/decode/${file}.json`);
  const image = await decodeRaster(fixtureBytes(`image/decode/${file}`));
  expect([image.width, image.height]).toEqual([expected.width, expected.height]);
  expect(image.data instanceof Uint16Array ? 16 : 8).toBe(expected.bits);
  const [actual, wanted] = [asRgb(image), fromBase64(expected.rgb)];
  if (expected.tolerance === 0) expect([...actual]).toEqual([...wanted]);
  const differences = wanted.map((value, i) => Math.abs(value - actual[i]!));
  expect(actual.length).toBe(wanted.length);
  expect(Math.max(...differences)).toBeLessThanOrEqual(expected.tolerance);
});

test.each(fixtureFiles("image/refused"))("%s is refused with its code", async (file) => {
  const { code } = fixtureJson<{ code: string }>(`image/refused/${file}.json`);
  await expect(decodeRaster(fixtureBytes(`image/refused/${file}`))).rejects.toMatchObject({
    name: "XrayError",
    code,
  });
});

test.each([
  ["grey1.png", "decode png 13x9 grey1"],
  ["grey8.png", "decode png 13x9 grey8"],
  ["grey16.png", "decode png 13x9 grey16"],
  ["grey8-alpha.png", "decode png 13x9 greya8"],
  ["palette4.png", "decode png 13x9 palette4"],
  ["rgba8.png", "decode png 13x9 rgba8"],
  ["rgb-420.jpg", "decode jpeg 20x24 rgb8"],
  ["cmyk-adobe.jpg", "decode jpeg 20x24 cmyk8"],
  ["grey16.tif", "decode tiff 13x9 grey16"],
  ["rgba-lossless.webp", "decode webp 13x9 rgba8"],
])("the receipt of %s begins with %s", async (file, step) => {
  const { steps } = await decodeRaster(fixtureBytes(`image/decode/${file}`));
  expect(steps).toEqual([step]);
});

test("the receipt names the turn that an EXIF tag asked for", async () => {
  const { steps } = await decodeRaster(fixtureBytes("image/decode/exif6.jpg"));
  expect(steps[1]).toBe("exif rotate 90");
});

test("a written canvas shows its tiles in their places, its drawings over them, and black elsewhere", async () => {
  const tile = (left: number, level: number, svg: string) => ({
    left,
    top: 8,
    width: 16,
    height: 16,
    data: new Uint8Array(16 * 16 * 3).fill(level),
    svg: `<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16">${svg}</svg>`,
  });
  const red = '<rect width="16" height="8" fill="#f00"/>';
  const jpeg = await encodeCanvas(48, 32, [tile(0, 200, ""), tile(32, 100, red)]);
  expect([...jpeg.subarray(0, 3)]).toEqual([0xff, 0xd8, 0xff]);
  const { width, height, channels, data } = await decodeRaster(jpeg);
  expect([width, height, channels]).toEqual([48, 32, 3]);
  const at = (x: number, y: number) => [...data.subarray((y * 48 + x) * 3, (y * 48 + x) * 3 + 3)];
  for (const [x, y, colour] of [
    [8, 12, [200, 200, 200]],
    [24, 12, [0, 0, 0]],
    [8, 28, [0, 0, 0]],
    [40, 11, [255, 0, 0]],
    [40, 20, [100, 100, 100]],
  ] as const) {
    const differences = at(x, y).map((value, i) => Math.abs(value - colour[i]!));
    expect(Math.max(...differences), `${x}, ${y} is ${at(x, y)}`).toBeLessThanOrEqual(3);
  }
});
