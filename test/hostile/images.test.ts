/** TIFF, JPEG and WebP files with absurd headers. `cost-images.test.ts` measures their cost. */

import assert from "node:assert/strict";
import { describe, test } from "vitest";
import { decodeRaster } from "../../src/node/raster.ts";
import { concat, latin1, patched, repeat, u8, u16, u32 } from "./builders/bytes.ts";
import { type ImageName, smallImage } from "./builders/images.ts";
import { greyTags, TAG, type TiffTag, tiff, withTags } from "./builders/tiff.ts";
import { readsOrRefusesLater, refusesLater } from "./refusal.ts";

const MAX = 0xffffffff;
const grey = greyTags(4, 4, 16);
const body = new Uint8Array(16);
const long = (tag: number, ...values: number[]): TiffTag => ({ tag, type: "long", values });
const short = (tag: number, ...values: number[]): TiffTag => ({ tag, type: "short", values });
const varied = (...changes: TiffTag[]) => tiff(withTags(grey, ...changes), body);

test("the honest TIFF that these vary is decoded", async () => {
  assert.equal((await decodeRaster(tiff(grey, body))).data.length, 16);
});

describe("a TIFF with a header that makes no sense is refused", () => {
  const cases: readonly [string, Uint8Array][] = [
    ["60000×60000", varied(long(TAG.width, 60_000), long(TAG.height, 60_000))],
    ["2^32 − 1 squared", varied(long(TAG.width, MAX), long(TAG.height, MAX))],
    ["2^31 − 1 wide and one high", varied(long(TAG.width, 2 ** 31 - 1), long(TAG.height, 1))],
    ["one wide and 2^31 − 1 high", varied(long(TAG.width, 1), long(TAG.height, 2 ** 31 - 1))],
    ["no width", varied(long(TAG.width, 0))],
    ["8000×8000 in 16 bytes", varied(long(TAG.width, 8000), long(TAG.height, 8000))],
    ["65,535 samples a pixel", varied(short(TAG.samples, 65_535))],
    ["no samples", varied(short(TAG.samples, 0))],
    ["64 bits a sample", varied(short(TAG.bits, 64))],
    ["65,535 bits a sample", varied(short(TAG.bits, 65_535))],
    ["floats", varied(short(TAG.bits, 32), short(TAG.sampleFormat, 3))],
    ["an unknown compression", varied(short(TAG.compression, 65_000))],
    ["deflate that is not", varied(short(TAG.compression, 8))],
    ["LZW that is not", varied(short(TAG.compression, 5))],
    ["JPEG that is not", varied(short(TAG.compression, 7))],
    ["a strip beyond the end", varied(long(TAG.stripOffsets, 1e9))],
    ["a strip of 4 GiB, beyond the end", varied(long(TAG.stripBytes, MAX), long(TAG.stripOffsets, 1e9))],
    ["a deflated strip of 4 GiB", varied(long(TAG.stripBytes, MAX), short(TAG.compression, 8))],
    ["2^32 − 1 strips", varied({ ...long(TAG.stripOffsets, 8), count: MAX })],
    ["a deflated strip of no bytes", varied(long(TAG.stripBytes, 0), short(TAG.compression, 8))],
    [
      "no strips",
      tiff(
        grey.filter(({ tag }) => tag !== TAG.stripOffsets),
        body,
      ),
    ],
    ["no tags", tiff([], body)],
    [
      "tiles of 2^31 pixels",
      varied(
        long(TAG.tileWidth, 65_536),
        long(TAG.tileHeight, 32_768),
        long(TAG.tileOffsets, 8),
        long(TAG.tileBytes, 16),
      ),
    ],
    [
      "tiles of no pixels",
      varied(
        long(TAG.tileWidth, 0),
        long(TAG.tileHeight, 0),
        long(TAG.tileOffsets, 8),
        long(TAG.tileBytes, 16),
      ),
    ],
    ["a directory beyond the end", concat(latin1("II*\0"), u32(1e9))],
    ["a directory in its own header", concat(latin1("II*\0"), u32(0), new Uint8Array(20))],
    ["65,535 tags", concat(latin1("II*\0"), u32(8), u16(65_535), new Uint8Array(40))],
    ["BigTIFF of 2^60 tags", concat(latin1("II+\0\x08\0\0\0\x10\0\0\0\0\0\0\0"), repeat(u8(0x0f), 64))],
    ["a header alone", latin1("II*\0")],
    ["a header alone, big-endian", latin1("MM\0*")],
  ];
  test.for(cases)("%s", ([, file]) => refusesLater(() => decodeRaster(file), /^raster\//));
});

describe("without compression, a strip is as long as its rows, whatever the directory says", () => {
  const samples = Uint8Array.from({ length: 16 }, (_, i) => 15 * i);
  const cases: readonly [string, readonly TiffTag[]][] = [
    ["4 GiB", [long(TAG.stripBytes, MAX)]],
    ["no bytes of 2^32 − 1 rows", [long(TAG.rowsPerStrip, MAX), long(TAG.stripBytes, 0)]],
  ];
  test.for(cases)("%s", async ([, changes]) => {
    const { data, notes } = await decodeRaster(tiff(withTags(grey, ...changes), samples));
    assert.deepEqual([...data], [...samples]);
    assert.match(
      notes[0]!,
      /all samples were read, although the layout is faulty: missing or impossible strip lengths/,
    );
  });
});

/** Directories of one field, each with the next one right behind it. */
function manyPages(count: number): Uint8Array {
  const page = concat(u16(1), u16(TAG.width), u16(3), u32(1), u32(4), u32(0));
  const file = new Uint8Array(8 + count * page.length);
  file.set(concat(latin1("II*\0"), u32(8)));
  const view = new DataView(file.buffer);
  for (let i = 0; i < count; i++) {
    const at = 8 + i * page.length;
    file.set(page, at);
    view.setUint32(at + 14, i + 1 < count ? at + page.length : 0, true);
  }
  return file;
}

test("200,000 pages are not followed to the end", async () => {
  const started = performance.now();
  await refusesLater(() => decodeRaster(manyPages(200_000)), /^raster\//);
  assert.ok(performance.now() - started < 5000);
});

test("TIFF directories in a circle end", async () => {
  await readsOrRefusesLater(() => decodeRaster(tiff(grey, body, "self")));
});

/** Where a JPEG's frame header begins: height and width follow 5 bytes later. */
function frameAt(jpeg: Uint8Array): number {
  return jpeg.findIndex((byte, i) => byte === 0xff && (jpeg[i + 1] === 0xc0 || jpeg[i + 1] === 0xc2));
}

describe("a JPEG with a header that makes no sense is refused", () => {
  const names: readonly ImageName[] = ["jpeg grey", "jpeg rgb", "jpeg progressive", "jpeg cmyk"];
  const changes: readonly [string, number, Uint8Array][] = [
    ["65500×65500", 5, Uint8Array.of(0xff, 0xdc, 0xff, 0xdc)],
    ["65535×65535", 5, repeat(u8(0xff), 4)],
    ["60,000 high", 5, Uint8Array.of(0xea, 0x60)],
    ["no rows", 5, Uint8Array.of(0, 0)],
    ["no columns", 7, Uint8Array.of(0, 0)],
    ["12 bits", 4, u8(12)],
    ["255 components", 9, u8(255)],
    ["no components", 9, u8(0)],
    ["sampling factors of 15", 11, u8(0xff)],
    ["sampling factors of 0", 11, u8(0)],
    ["a segment of 65,535 bytes", 2, repeat(u8(0xff), 2)],
    ["a segment of no bytes", 2, repeat(u8(0), 2)],
  ];
  const cases = names.flatMap((name) => changes.map((change) => [name, ...change] as const));
  test.for(cases)("%s: %s", async ([name, , offset, bytes]) => {
    const file = await smallImage(name);
    await refusesLater(() => decodeRaster(patched(file, frameAt(file) + offset, bytes)), /^raster\//);
  });
});

describe("a WebP with a header that makes no sense is refused", () => {
  const cases: readonly [string, ImageName, number, Uint8Array][] = [
    ["16383×16383, lossy", "webp lossy", 26, Uint8Array.of(0xff, 0x3f, 0xff, 0x3f)],
    ["16384×16384, lossless", "webp lossless", 21, repeat(u8(0xff), 4)],
    ["a body of 4 GiB", "webp lossy", 16, u32(MAX)],
    ["a body of no bytes", "webp lossy", 16, u32(0)],
    ["a file of no bytes", "webp lossy", 4, u32(0)],
    ["an unknown body", "webp lossless", 12, latin1("VP8?")],
    ["no width", "webp lossy", 26, Uint8Array.of(0, 0)],
  ];
  test.for(cases)("%s", async ([, name, at, bytes]) => {
    await refusesLater(async () => decodeRaster(patched(await smallImage(name), at, bytes)), /^raster\//);
  });

  test("an extended header of 2^24 by 2^24", async () => {
    const extended = concat(latin1("VP8X"), u32(10), u32(2), repeat(u8(0xff), 6));
    const file = concat(latin1("RIFF"), u32(4 + extended.length), latin1("WEBP"), extended);
    await refusesLater(() => decodeRaster(file), /^raster\//);
  });
});
