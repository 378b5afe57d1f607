import { expect, test } from "vitest";
import { toEightBits } from "../../src/image/colour.ts";
import type { DecodedImage } from "../../src/image/prepare.ts";
import { decodeRaster, encodeJpeg } from "../../src/node/raster.ts";
import { fixtureBytes, fixtureFiles, fixtureJson, fromBase64, sha256 } from "../fixtures.ts";

interface Expected {
  readonly width: number;
  readonly height: number;
  readonly bits: 8 | 16;
  /** PIL's pixels, upright, as RGB; 16-bit samples as value/257, rounded, and 12-bit ones as value · 255/4095. */
  readonly rgb?: string;
  /** The same, hashed. */
  readonly sha256?: string;
}

function asRgb({ channels, data, bits }: DecodedImage): Uint8Array {
  const eight = data instanceof Uint16Array ? toEightBits(data, bits) : data;
  return channels === 3
    ? eight
    : Uint8Array.from({ length: eight.length * 3 }, (_, i) => eight[Math.floor(i / 3)]!);
}

test.each(fixtureFiles("image/decode"))("%s decodes to PIL's pixels", async (file) => {
  const expected = fixtureJson<Expected>(`image/decode/${file}.json`);
  const image = await decodeRaster(fixtureBytes(`image/decode/${file}`));
  expect([image.width, image.height]).toEqual([expected.width, expected.height]);
  expect(image.data instanceof Uint16Array ? 16 : 8).toBe(expected.bits);
  const actual = asRgb(image);
  if (expected.rgb === undefined) expect(sha256(actual)).toBe(expected.sha256);
  else expect([...actual]).toEqual([...fromBase64(expected.rgb)]);
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

test.each([
  ["odd-samsung-grey.jpg", "a scan header with wrong limits (Ss, Se, Ah, Al)"],
  ["odd-stray-before-dqt.jpg", "stray bytes between segments"],
  [
    "odd-samsung-and-stray.jpg",
    "stray bytes between segments, a scan header with wrong limits (Ss, Se, Ah, Al)",
  ],
  ["odd-stray-between-scans.jpg", "stray bytes after a scan"],
  ["odd-adobe-unknown-transform.jpg", "an unknown colour transform"],
  ["odd-jfif-3.jpg", "an unknown JFIF version"],
  ["odd-unsorted.tif", "fields out of order"],
  ["odd-tag-twice.tif", "a field that is given twice"],
  ["odd-strip-counts-0.tif", "missing or impossible strip lengths"],
  ["odd-extra-none-said.tif", "samples that no field accounts for"],
  ["odd-text-without-end.tif", "damaged or unknown fields that no sample depends on"],
  ["odd-unknown-critical.png", "unknown or misplaced chunks"],
])("%s is read with a note of what is wrong with it", async (file, fault) => {
  const { notes } = await decodeRaster(fixtureBytes(`image/decode/${file}`));
  expect(notes).toEqual([`all samples were read, although the layout is faulty: ${fault}`]);
});

test("damaged and odd files that are decoded at once keep their own words", async () => {
  const names = fixtureFiles("image/refused").filter((name) => name.startsWith("damaged-"));
  const messageOf = (name: string) =>
    decodeRaster(fixtureBytes(`image/refused/${name}`)).then(String, ({ message }) => message);
  const alone: string[] = [];
  for (const name of names) alone.push(await messageOf(name));
  const odd = fixtureFiles("image/decode").filter((name) => name.startsWith("odd-"));
  const others = odd.map((name) => decodeRaster(fixtureBytes(`image/decode/${name}`)));
  expect(await Promise.all(names.map(messageOf))).toEqual(alone);
  await Promise.all(others);
});

test.each([
  ["odd-two-frames.mpo", ["the file holds 2 pictures; the first was read"]],
  ["odd-animated.png", ["the file is an animation of 2 frames; the first was read"]],
  ["odd-animated.webp", ["the file is an animation of 2 frames; the first was read"]],
  ["odd-ancillary-crc.png", ['the checksum of the "tEXt" chunk is wrong; that chunk holds no samples']],
  ["odd-trailing-garbage.png", []],
  ["grey8.png", []],
  ["rgb-420.jpg", []],
  ["grey8-deflate.tif", []],
  ["rgb-lossy.webp", []],
])("%s has the notes %j", async (file, notes) => {
  expect((await decodeRaster(fixtureBytes(`image/decode/${file}`))).notes).toEqual(notes);
});

test.each([
  ["damaged-cut-in-scan.jpg", "premature end of JPEG image"],
  ["damaged-cut-samsung.jpg", "premature end of JPEG image"],
  ["damaged-samsung-scan-ends-early.jpg", "Corrupt JPEG data: premature end of data segment"],
  ["damaged-idat-checksum.png", 'the checksum of its "IDAT" chunk is wrong'],
  ["damaged-too-few-rows.png", "its pixels are damaged or end too soon"],
  ["damaged-cut-in-directory.tif", "its directory is not in the file, which is cut short or damaged"],
  ["damaged-cut-strip.tif", "Read error at scanline"],
  ["damaged-cut-strip-unsorted.tif", "Read error at scanline"],
  ["damaged-deflate.tif", "incorrect data check"],
  ["damaged-deflate-unsorted.tif", "incorrect data check"],
  ["damaged-cut.webp", "unable to parse image"],
])("the refusal of %s says why", async (file, reason) => {
  await expect(decodeRaster(fixtureBytes(`image/refused/${file}`))).rejects.toThrow(reason);
});

test("the receipt names the turn that an EXIF tag asked for", async () => {
  const { steps } = await decodeRaster(fixtureBytes("image/decode/exif6.jpg"));
  expect(steps[1]).toBe("exif rotate 90");
});

test("samples survive a JPEG file within its losses", async () => {
  const data = Uint8Array.from({ length: 48 * 32 * 3 }, (_, i) => (Math.floor(i / 3) % 48 < 24 ? 200 : 40));
  const jpeg = await encodeJpeg(48, 32, data);
  expect([...jpeg.subarray(0, 3)]).toEqual([0xff, 0xd8, 0xff]);
  const decoded = await decodeRaster(jpeg);
  expect([decoded.width, decoded.height, decoded.channels]).toEqual([48, 32, 3]);
  const worst = data.reduce((most, value, i) => Math.max(most, Math.abs(value - decoded.data[i]!)), 0);
  expect(worst).toBeLessThanOrEqual(3);
});
