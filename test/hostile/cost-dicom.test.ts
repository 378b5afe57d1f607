/** The worst DICOM files, each read in its own process within 5 seconds and 1 GB, whatever the file says. */

import { deflateRawSync } from "node:zlib";
import { describe, test } from "vitest";
import { concat, latin1, repeat, u16, u32 } from "./builders/bytes.ts";
import { emptyScan, idleScans, type Jpeg2000Spec, jpeg, jpeg2000, jpegLs } from "./builders/codestreams.ts";
import {
  dicom,
  dicomHead,
  element,
  encapsulated,
  ITEM_END,
  item,
  pictureAttributes,
  SEQUENCE_END,
  SYNTAX,
  UNDEFINED_LENGTH,
} from "./builders/dicom-pictures.ts";
import { costsLittle } from "./measure.ts";

const MiB = 1024 * 1024;
const SIDE = 8000;
const SQUARE = { rows: SIDE, columns: SIDE };
const SMALL = { rows: 4, columns: 4 };
const BLOCKS = (SIDE / 8) ** 2;
const nothing = new Uint8Array(0);
const smallPixels = element(0x7fe00010, "OW", new Uint8Array(32));
const READ = /^(read|dicom\/(damaged|too-large|unsupported))$/;

/** A big picture that is compressed into almost nothing. */
const packed = (syntax: string, stream: Uint8Array, bits = 8): Uint8Array =>
  dicom(syntax, { ...SQUARE, bits }, encapsulated(stream));
const packed2000 = (spec: Partial<Jpeg2000Spec>): Uint8Array =>
  packed(
    spec.isHt === true ? SYNTAX.htj2k : SYNTAX.jpeg2000,
    jpeg2000({ width: SIDE, height: SIDE, ...spec }),
  );

/** Segments of runs of 128 equal bytes. */
function rleOf(pixels: number, segments: number): Uint8Array {
  const segment = repeat(Uint8Array.of(129, 7), Math.ceil(pixels / 128));
  const starts = Array.from({ length: 15 }, (_, i) => u32(i < segments ? 64 + i * segment.length : 0));
  return concat(u32(segments), ...starts, repeat(segment, segments));
}

/** Sequences in sequences. */
function nested(depth: number): Uint8Array {
  const open = concat(element(0x00081140, "SQ", nothing, UNDEFINED_LENGTH), item(nothing, UNDEFINED_LENGTH));
  return concat(repeat(open, depth), repeat(concat(ITEM_END, SEQUENCE_END), depth));
}

const deflated = (dataSet: Uint8Array): Uint8Array =>
  concat(dicomHead(SYNTAX.deflated), deflateRawSync(dataSet, { level: 9 }));
const with28 = (...after: Uint8Array[]): Uint8Array =>
  dicom(SYNTAX.explicit, { ...SMALL, after }, smallPixels);
const with8 = (...before: Uint8Array[]): Uint8Array =>
  dicom(SYNTAX.explicit, { ...SMALL, before }, smallPixels);

type Case = readonly [name: string, build: () => Uint8Array, code: string | RegExp];

const ATTRIBUTES: readonly Case[] = [
  [
    "65535×65535 pixels in a kilobyte",
    () => dicom(SYNTAX.explicit, { rows: 65_535, columns: 65_535 }, smallPixels),
    "dicom/too-large",
  ],
  ["8000×8000 pixels without them", () => dicom(SYNTAX.explicit, SQUARE, smallPixels), "dicom/damaged"],
  [
    "two billion frames",
    () => dicom(SYNTAX.explicit, { ...SMALL, frames: 2_147_483_647 }, smallPixels),
    READ,
  ],
  [
    "two billion compressed frames",
    () => dicom(SYNTAX.rle, { ...SMALL, frames: 2_147_483_647 }, encapsulated(rleOf(16, 2))),
    "dicom/damaged",
  ],
  ["sequences nested 100,000 deep", () => with8(nested(100_000)), "dicom/damaged"],
  [
    "a sequence of a million items",
    () => with8(element(0x00082218, "SQ", repeat(item(nothing), 1_000_000))),
    READ,
  ],
  [
    "a sequence of a million items of unknown length",
    () =>
      with8(
        concat(
          element(0x00082218, "SQ", nothing, UNDEFINED_LENGTH),
          repeat(concat(item(nothing, UNDEFINED_LENGTH), ITEM_END), 1_000_000),
          SEQUENCE_END,
        ),
      ),
    READ,
  ],
  [
    "two million attributes",
    () => with8(...Array.from({ length: 200 }, (_, i) => repeat(element(0x00090000 + i, "US", 1), 10_000))),
    READ,
  ],
  [
    "a million different attributes",
    () => with8(concat(...Array.from({ length: 1_000_000 }, (_, i) => element(0x00090010 + i * 2, "US", 1)))),
    READ,
  ],
  [
    "a million fragments",
    () => dicom(SYNTAX.rle, SMALL, encapsulated(...Array(999_999).fill(new Uint8Array(2)))),
    "dicom/damaged",
  ],
  [
    "two million windows",
    () => with28(element(0x00281050, "UT", latin1("1\\".repeat(2_000_000))), element(0x00281051, "UT", "1")),
    READ,
  ],
  [
    "a VOI LUT of 64 MiB",
    () =>
      with28(
        element(
          0x00283010,
          "SQ",
          item(
            concat(
              element(0x00283002, "US", concat(u16(0), u16(0), u16(16))),
              element(0x00283006, "OW", new Uint8Array(64 * MiB)),
            ),
          ),
        ),
      ),
    READ,
  ],
  [
    "a text of 64 MiB for a number",
    () => with28(element(0x00281052, "UT", repeat(latin1("9"), 64 * MiB))),
    READ,
  ],
  [
    "a deflated gigabyte of zeros",
    () => deflated(concat(pictureAttributes(SQUARE), element(0x7fe00010, "OW", new Uint8Array(1024 * MiB)))),
    "dicom/damaged",
  ],
  [
    "a deflated 128 MB of pixels",
    () =>
      deflated(concat(pictureAttributes(SQUARE), element(0x7fe00010, "OW", new Uint8Array(2 * SIDE * SIDE)))),
    READ,
  ],
  ["RLE of 64 megapixels", () => packed(SYNTAX.rle, rleOf(SIDE * SIDE, 2), 16), READ],
];

const STREAMS: readonly Case[] = [
  [
    "a baseline JPEG of 8000×8000 without its pixels",
    () => packed(SYNTAX.baseline, jpeg(0xc0, 8, SIDE, SIDE, emptyScan(0xc0))),
    "dicom/damaged",
  ],
  [
    "a lossless JPEG of 8000×8000 without its pixels",
    () => packed(SYNTAX.lossless, jpeg(0xc3, 16, SIDE, SIDE, emptyScan(0xc3)), 16),
    "dicom/damaged",
  ],
  [
    "a progressive JPEG of 8000×8000 with 2,000 scans",
    () => packed(SYNTAX.baseline, jpeg(0xc2, 8, SIDE, SIDE, idleScans(2000, BLOCKS))),
    "dicom/damaged",
  ],
  [
    "a JPEG-LS of 8000×8000 without its pixels",
    () => packed(SYNTAX.jpegLs, jpegLs(16, SIDE, SIDE), 16),
    "dicom/damaged",
  ],
  [
    "a JPEG-LS of 8000×8000 in runs",
    () => packed(SYNTAX.jpegLs, jpegLs(16, SIDE, SIDE, repeat(Uint8Array.of(0xff, 0x7f), 2 * MiB)), 16),
    READ,
  ],
  ["a JPEG 2000 of 8000×8000 with nothing in it", () => packed2000({}), READ],
  ["a JPEG 2000 of 8000×8000 with 65,535 layers", () => packed2000({ layers: 65_535 }), READ],
  ["a JPEG 2000 of 8000×8000 with 32 levels", () => packed2000({ levels: 32 }), READ],
  [
    "a JPEG 2000 of 8000×8000 with 62,500 empty tiles",
    () =>
      packed2000({
        tile: 32,
        tiles: Array.from({ length: 62_500 }, (_, index) => ({ index, data: nothing })),
      }),
    READ,
  ],
  ["an HTJ2K of 8000×8000 with nothing in it", () => packed2000({ isHt: true }), READ],
  [
    "an HTJ2K of 8000×8000 with 62,500 empty tiles",
    () =>
      packed2000({
        isHt: true,
        tile: 32,
        tiles: Array.from({ length: 62_500 }, (_, index) => ({ index, data: nothing })),
      }),
    READ,
  ],
  ["an HTJ2K of 8000×8000 with 65,535 layers", () => packed2000({ isHt: true, layers: 65_535 }), READ],
];

describe("a DICOM file whose attributes cost more than they are", () => {
  test.for(ATTRIBUTES)("%s", ([, build, code]) => costsLittle("dicom", build(), code));
});

describe("a compressed frame that is far larger than its file", () => {
  test.for(STREAMS)("%s", ([, build, code]) => costsLittle("dicom", build(), code));
});
