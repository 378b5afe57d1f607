/** The worst images, each read in its own process within 5 seconds and 1 GB, whatever the file says. */

import { deflateSync } from "node:zlib";
import { describe, test } from "vitest";
import { concat, latin1, patched } from "./builders/bytes.ts";
import { smallImage } from "./builders/images.ts";
import { chunk, liar, type PngSpec, png } from "./builders/png.ts";
import { greyTags, TAG, type TiffTag, tiff, withTags } from "./builders/tiff.ts";
import { type Action, costsLittle } from "./measure.ts";

const MiB = 1024 * 1024;
const READ = /^(read|raster\/(too-large|elongated|unsupported|damaged)|image\/.*)$/;
const short = (tag: number, ...values: number[]): TiffTag => ({ tag, type: "short", values });

/** EXIF with orientation 6: the whole image must be turned, which no decoder does row by row. */
const turned = chunk("eXIf", latin1("II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0"));
const bomb = deflateSync(new Uint8Array(64 * MiB), { level: 9 });
const square = (spec: Partial<PngSpec>): Uint8Array => png({ width: 8000, height: 8000, ...spec });

/** A deflated TIFF of zeros with this many bytes a pixel. */
function zeroTiff(width: number, height: number, bits: number, samples: number): Uint8Array {
  const body = deflateSync(new Uint8Array((width * height * samples * bits) / 8), { level: 1 });
  const tags = withTags(
    greyTags(width, height, body.length),
    { tag: TAG.bits, type: "short", values: Array(samples).fill(bits) },
    short(TAG.samples, samples),
    short(TAG.compression, 8),
    short(TAG.photometric, samples >= 3 ? 2 : 1),
  );
  return tiff(tags, body);
}

/** A JPEG that claims 8000×8000 and has twelve by nine. */
async function jpegLiar(name: "jpeg rgb" | "jpeg progressive"): Promise<Uint8Array> {
  const file = await smallImage(name);
  const frame = file.findIndex((byte, i) => byte === 0xff && (file[i + 1] === 0xc0 || file[i + 1] === 0xc2));
  return patched(file, frame + 5, Uint8Array.of(0x1f, 0x40, 0x1f, 0x40));
}

type Build = () => Uint8Array | Promise<Uint8Array>;
const CASES: readonly [string, Action, Build, RegExp | string][] = [
  ["a PNG of 60000×60000 in a kilobyte", "image", () => liar({ width: 60_000, height: 60_000 }), /^raster\//],
  [
    "a PNG of 60000×60000, interlaced",
    "image",
    () => liar({ width: 60_000, height: 60_000, interlace: 1 }),
    /^raster\//,
  ],
  [
    "a PNG of 8000×8000 without its pixels",
    "image",
    () => liar({ width: 8000, height: 8000, depth: 8, colour: 2 }),
    "raster/damaged",
  ],
  [
    "a PNG of 8000×8000 without its pixels, interlaced",
    "image",
    () => liar({ width: 8000, height: 8000, interlace: 1 }),
    "raster/damaged",
  ],
  ["a PNG of 64 megapixels, 8-bit RGB", "image", () => square({ colour: 2 }), READ],
  ["a PNG of 64 megapixels, 16-bit RGBA", "image", () => square({ depth: 16, colour: 6 }), READ],
  [
    "a PNG of 64 megapixels, 16-bit RGB, turned",
    "image",
    () => square({ depth: 16, colour: 2, before: [turned] }),
    READ,
  ],
  ["a PNG of 64 megapixels, one bit", "image", () => square({ depth: 1 }), READ],
  [
    "a PNG with a hundred zTXt of 64 MiB",
    "image",
    () => png({ width: 4, height: 4, before: Array(100).fill(chunk("zTXt", concat(latin1("a\0\0"), bomb))) }),
    READ,
  ],
  [
    "a PNG with an iCCP of 64 MiB",
    "image",
    () => png({ width: 4, height: 4, before: [chunk("iCCP", concat(latin1("a\0\0"), bomb))] }),
    READ,
  ],
  ["a TIFF of 4000×4000 with 64 samples a pixel", "image", () => zeroTiff(4000, 4000, 8, 64), READ],
  ["a TIFF of 8000×8000 with 16 samples a pixel", "image", () => zeroTiff(8000, 8000, 8, 16), READ],
  ["a TIFF of 8000×8000 of 64-bit floats", "image", () => zeroTiff(8000, 4000, 64, 3), READ],
  ["a JPEG of 8000×8000 without its pixels", "image", () => jpegLiar("jpeg rgb"), "raster/damaged"],
  [
    "a progressive JPEG of 8000×8000 without its pixels",
    "image",
    () => jpegLiar("jpeg progressive"),
    "raster/damaged",
  ],
  ["a PNG of 64 megapixels, 8-bit RGB", "prepared", () => square({ colour: 2 }), READ],
  ["a PNG of 64 megapixels, 16-bit RGB", "prepared", () => square({ depth: 16, colour: 2 }), READ],
  [
    "a PNG 64 wide and a million high",
    "prepared",
    () => png({ width: 64, height: 1_000_000, colour: 2 }),
    READ,
  ],
  ["a PNG one wide and a million high", "prepared", () => png({ width: 1, height: 1_000_000 }), READ],
  ["a TIFF one wide and 64 million high", "prepared", () => zeroTiff(1, 64_000_000, 8, 1), READ],
  ["a TIFF 64 million wide and one high", "prepared", () => zeroTiff(64_000_000, 1, 8, 1), READ],
  ["a PNG one wide and a million high", "shorter", () => png({ width: 1, height: 1_000_000 }), READ],
  ["a PNG a million wide and one high", "shorter", () => png({ width: 1_000_000, height: 1 }), READ],
];

describe("an image that is far larger than its file", () => {
  test.for(CASES)("%s (%s)", async ([, action, build, code]) => costsLittle(action, await build(), code));
});
