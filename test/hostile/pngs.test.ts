/** PNGs with absurd headers, and decompression bombs. `cost-images.test.ts` measures their cost. */

import assert from "node:assert/strict";
import { deflateSync } from "node:zlib";
import { describe, test } from "vitest";
import { decodeRaster } from "../../src/node/raster.ts";
import { concat, latin1, repeat, u8, u32BigEndian } from "./builders/bytes.ts";
import { chunk, ihdr, liar, PNG_SIGNATURE, png, rowsLength } from "./builders/png.ts";
import { readsOrRefusesLater, refusesLater } from "./refusal.ts";

const small = { width: 4, height: 4 };
const end = chunk("IEND", new Uint8Array(0));
const data = chunk("IDAT", deflateSync(new Uint8Array(rowsLength(small))));

test("the honest PNG that these vary is decoded", async () => {
  assert.equal((await decodeRaster(png(small))).data.length, 16);
});

describe("a PNG that is far too large is refused before it is decoded", () => {
  const cases: readonly [string, Uint8Array][] = [
    ["60000×60000 in a kilobyte", liar({ width: 60_000, height: 60_000 })],
    ["60000×60000 of 16-bit RGBA", liar({ width: 60_000, height: 60_000, depth: 16, colour: 6 })],
    ["60000×60000 of one bit", liar({ width: 60_000, height: 60_000, depth: 1 })],
    ["60000×60000 interlaced", liar({ width: 60_000, height: 60_000, interlace: 1 })],
    ["1000000×1000000", liar({ width: 1e6, height: 1e6 })],
    ["8001×8000, one column over the limit", liar({ width: 8001, height: 8000 })],
  ];
  test.for(cases)("%s", ([, file]) =>
    refusesLater(() => decodeRaster(file), /^raster\/(too-large|damaged)$/),
  );
});

describe("a PNG with a header that makes no sense is refused", () => {
  const max = 2 ** 31 - 1;
  const cases: readonly [string, Uint8Array][] = [
    ["2^31 − 1 squared", liar({ width: max, height: max })],
    ["2^32 − 1 squared", liar({ width: 2 ** 32 - 1, height: 2 ** 32 - 1 })],
    ["one pixel wide and 2^31 − 1 high", liar({ width: 1, height: max })],
    ["2^31 − 1 wide and one pixel high", liar({ width: max, height: 1 })],
    ["no pixels", liar({ width: 0, height: 0 })],
    ["no rows", liar({ width: 4, height: 0 })],
    ["3 bits", liar({ ...small, depth: 3 })],
    ["255 bits", liar({ ...small, depth: 255 })],
    ["16 bits in a palette", liar({ ...small, depth: 16, colour: 3 })],
    ["colour type 5", liar({ ...small, colour: 5 })],
    ["interlace method 2", liar({ ...small, interlace: 2 })],
    ["a palette image without a palette", png({ ...small, colour: 3 })],
    ["fewer rows than promised", png({ width: 4, height: 4, rows: new Uint8Array(10) })],
    ["8000×8000 with a hundred bytes of data", liar({ width: 8000, height: 8000 })],
    ["no data", concat(PNG_SIGNATURE, ihdr(small), end)],
    ["no header", concat(PNG_SIGNATURE, data, end)],
    ["a signature alone", PNG_SIGNATURE],
    [
      "data that is not deflate",
      concat(PNG_SIGNATURE, ihdr(small), chunk("IDAT", repeat(u8(0xff), 50)), end),
    ],
    ["a chunk of 2^31 bytes", concat(PNG_SIGNATURE, ihdr(small), u32BigEndian(2 ** 31), latin1("IDAT"))],
    [
      "a chunk of 2^32 − 1 bytes",
      concat(PNG_SIGNATURE, ihdr(small), u32BigEndian(2 ** 32 - 1), latin1("IDAT")),
    ],
    ["a wrong checksum of the header", concat(PNG_SIGNATURE, ihdr(small).fill(0, -4), data, end)],
    ["a wrong checksum of the data", concat(PNG_SIGNATURE, ihdr(small), data.slice().fill(0, -4), end)],
    [
      "an unknown critical chunk and a wrong checksum",
      concat(PNG_SIGNATURE, ihdr(small), chunk("XXXX", u8(1)), data.slice().fill(0, -4), end),
    ],
  ];
  test.for(cases)("%s", ([, file]) => refusesLater(() => decodeRaster(file), /^raster\//));
});

describe("a bomb in a text or profile chunk is not unpacked without bound", () => {
  const zeros = deflateSync(new Uint8Array(64 * 1024 * 1024), { level: 9 });
  const cases: readonly [string, readonly Uint8Array[]][] = [
    ["zTXt of 64 MiB", [chunk("zTXt", concat(latin1("a\0\0"), zeros))]],
    ["iTXt of 64 MiB", [chunk("iTXt", concat(latin1("a\0\x01\0\0\0"), zeros))]],
    ["iCCP of 64 MiB", [chunk("iCCP", concat(latin1("a\0\0"), zeros))]],
    ["a hundred zTXt of 64 MiB", Array(100).fill(chunk("zTXt", concat(latin1("a\0\0"), zeros)))],
    ["ten thousand tEXt", Array.from({ length: 10_000 }, (_, i) => chunk("tEXt", latin1(`k${i}\0v`)))],
    ["eXIf of nonsense", [chunk("eXIf", repeat(u8(0xff), 1000))]],
    [
      "eXIf of a directory in itself",
      [chunk("eXIf", latin1("II*\0\x08\0\0\0\x01\0\x69\x87\x04\0\x01\0\0\0\x08\0\0\0\x08\0\0\0"))],
    ],
    ["gAMA of zero", [chunk("gAMA", u32BigEndian(0))]],
    ["pHYs of 2^31 − 1", [chunk("pHYs", concat(u32BigEndian(2 ** 31 - 1), u32BigEndian(0), u8(1)))]],
    ["sBIT of 255", [chunk("sBIT", u8(255))]],
    ["tRNS of the wrong length", [chunk("tRNS", new Uint8Array(300))]],
  ];
  test.for(cases)("%s", async ([, before]) => {
    await readsOrRefusesLater(() => decodeRaster(png({ ...small, before })));
  });
});
