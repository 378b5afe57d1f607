/** DICOM pictures that are far larger than their files, each decoded in its own process within 5 seconds and 1 GB. */

import { deflateRawSync } from "node:zlib";
import { describe, test } from "vitest";
import { concat, latin1, repeat, u16, u32 } from "./builders/bytes.ts";
import { emptyScan, idleScans, type Jpeg2000Spec, jpeg, jpeg2000, jpegLs } from "./builders/codestreams.ts";
import {
  DEFLATED,
  dicomFile,
  EXPLICIT,
  element,
  fragmented,
  item,
  JPEG,
  PIXEL_DATA,
  pixelModule,
  text,
} from "./builders/dicom.ts";
import { costsLittle } from "./measure.ts";

const MiB = 1024 * 1024;
const SIDE = 8000;
const SQUARE = pixelModule({ rows: SIDE, columns: SIDE, allocated: 16, stored: 16, high: 15 });
const SMALL = pixelModule();
const BLOCKS = (SIDE / 8) ** 2;
const RLE = "1.2.840.10008.1.2.5";
const LOSSLESS = "1.2.840.10008.1.2.4.70";
const JPEG_LS = "1.2.840.10008.1.2.4.80";
const JPEG_2000 = "1.2.840.10008.1.2.4.90";
const HTJ2K = "1.2.840.10008.1.2.4.201";
const smallPixels = element(PIXEL_DATA, "OW", new Uint8Array(24));
const READ = /^(read|dicom\/(damaged|too-large|unsupported))$/;

/** A big picture that is compressed into almost nothing. */
const packed = (syntax: string, stream: Uint8Array, bits = 8, side = SIDE): Uint8Array =>
  dicomFile(
    syntax,
    pixelModule({ rows: side, columns: side, allocated: bits, stored: bits, high: bits - 1 }),
    fragmented([], [stream]),
  );
/** 36 megapixels, twice as many as a large X-ray has: the work on 64 takes all of the time that is allowed. */
const SIDE_2000 = 6000;
const packed2000 = (spec: Partial<Jpeg2000Spec>): Uint8Array =>
  packed(
    spec.isHt === true ? HTJ2K : JPEG_2000,
    jpeg2000({ width: SIDE_2000, height: SIDE_2000, ...spec }),
    8,
    SIDE_2000,
  );

/** Segments of runs of 128 equal bytes. */
function rleOf(pixels: number, segments: number): Uint8Array {
  const segment = repeat(Uint8Array.of(129, 7), Math.ceil(pixels / 128));
  const starts = Array.from({ length: 15 }, (_, i) => u32(i < segments ? 64 + i * segment.length : 0));
  return concat(u32(segments), ...starts, repeat(segment, segments));
}

const deflated = (dataSet: Uint8Array): Uint8Array =>
  dicomFile(DEFLATED, deflateRawSync(dataSet, { level: 1 }));
const smallWith = (...after: Uint8Array[]): Uint8Array => dicomFile(EXPLICIT, SMALL, ...after, smallPixels);

type Case = readonly [name: string, build: () => Uint8Array, code: string | RegExp];

const ATTRIBUTES: readonly Case[] = [
  ["8000×8000 pixels without them", () => dicomFile(EXPLICIT, SQUARE, smallPixels), "dicom/damaged"],
  [
    "two million windows",
    () => smallWith(element(0x00281050, "UT", latin1("1\\".repeat(2_000_000))), text(0x00281051, "UT", "1")),
    READ,
  ],
  [
    "a VOI LUT of 64 MiB",
    () =>
      smallWith(
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
    () => smallWith(element(0x00281052, "UT", repeat(latin1("9"), 64 * MiB))),
    READ,
  ],
  [
    "a deflated 128 MB of pixels",
    () => deflated(concat(SQUARE, element(0x7fe00010, "OW", new Uint8Array(2 * SIDE * SIDE)))),
    READ,
  ],
  ["RLE of 64 megapixels", () => packed(RLE, rleOf(SIDE * SIDE, 2), 16), READ],
];

/** Tiles whose packets are all empty, so that they are decoded: a byte for each layer of each resolution. */
const emptyTiles = (count: number, packets = 6): NonNullable<Jpeg2000Spec["tiles"]> =>
  Array.from({ length: count }, (_, index) => ({ index, data: new Uint8Array(packets) }));

const KINDS = [
  ["JPEG 2000", false],
  ["HTJ2K", true],
] as const;

const STREAMS: readonly Case[] = [
  [
    "a baseline JPEG of 8000×8000 without its pixels",
    () => packed(JPEG, jpeg(0xc0, 8, SIDE, SIDE, emptyScan(0xc0))),
    "dicom/damaged",
  ],
  [
    "a lossless JPEG of 8000×8000 without its pixels",
    () => packed(LOSSLESS, jpeg(0xc3, 16, SIDE, SIDE, emptyScan(0xc3)), 16),
    "dicom/damaged",
  ],
  [
    "a progressive JPEG of 8000×8000 with 2,000 scans",
    () => packed(JPEG, jpeg(0xc2, 8, SIDE, SIDE, idleScans(2000, BLOCKS))),
    "dicom/unsupported",
  ],
  [
    "a progressive JPEG of 8000×8000 with 90 scans",
    () => packed(JPEG, jpeg(0xc2, 8, SIDE, SIDE, idleScans(89, BLOCKS))),
    READ,
  ],
  [
    "a JPEG-LS of 8000×8000 without its pixels",
    () => packed(JPEG_LS, jpegLs(16, SIDE, SIDE), 16),
    "dicom/damaged",
  ],
  [
    "a JPEG-LS of 8000×8000 in runs",
    () => packed(JPEG_LS, jpegLs(16, SIDE, SIDE, repeat(Uint8Array.of(0xff, 0x7f), 2 * MiB)), 16),
    READ,
  ],
  ...KINDS.flatMap(([kind, isHt]): readonly Case[] => [
    [`${kind} of 6000×6000 without its pixels`, () => packed2000({ isHt }), READ],
    [`${kind} of 6000×6000 with empty packets`, () => packed2000({ isHt, tiles: emptyTiles(1) }), READ],
    [
      `${kind} of 6000×6000 with 65,535 layers`,
      () => packed2000({ isHt, layers: 65_535, tiles: emptyTiles(1, 6 * 65_535) }),
      READ,
    ],
    [
      `${kind} of 6000×6000 with 32 levels`,
      () => packed2000({ isHt, levels: 32, tiles: emptyTiles(1, 33) }),
      READ,
    ],
    [
      `${kind} of 6000×6000 with 3,969 tiles`,
      () => packed2000({ isHt, tile: 96, tiles: emptyTiles(3969) }),
      READ,
    ],
    [
      `${kind} of 6000×6000 with 35,344 tiles`,
      () => packed2000({ isHt, tile: 32, tiles: emptyTiles(35_344) }),
      "dicom/unsupported",
    ],
  ]),
];

describe("a DICOM file whose attributes cost more than they are", () => {
  test.for(ATTRIBUTES)("%s", ([, build, code]) => costsLittle("frame", build(), code));
});

describe("a compressed frame that is far larger than its file", () => {
  test.for(STREAMS)("%s", ([, build, code]) => costsLittle("frame", build(), code));
});
