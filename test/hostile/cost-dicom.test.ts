/** DICOM files whose structure asks for far more than their size, each read in its own process within 5 seconds and 1 GB. */

import { deflateRawSync } from "node:zlib";
import { describe, test } from "vitest";
import { concat, latin1, repeat, u16, u32 } from "./builders/bytes.ts";
import {
  DEFLATED,
  dicomFile,
  EXPLICIT,
  element,
  fragmented,
  IMPLICIT,
  ITEM_END,
  item,
  JPEG,
  PIXEL_DATA,
  pixelModule,
  SEQUENCE_END,
  text,
  UNDEFINED,
} from "./builders/dicom.ts";
import { costsLittle } from "./measure.ts";

const MiB = 1024 * 1024;
const NOTHING = new Uint8Array(0);
const REGIONS = 0x00082218;
const PIXELS = element(PIXEL_DATA, "OW", new Uint8Array(24));
const SPACES = latin1(" ");

const image = (...before: readonly Uint8Array[]) => dicomFile(EXPLICIT, ...before, pixelModule(), PIXELS);

/** The beginning of a sequence and of an item in it, neither of which says its length. */
const OPEN = concat(element(REGIONS, "SQ", NOTHING, UNDEFINED), item(NOTHING, UNDEFINED));
const CLOSE = concat(ITEM_END, SEQUENCE_END);

/** Sequences of known length within one another, from the inside out. */
function nested(depth: number): Uint8Array {
  const sizes = Array.from({ length: depth }, (_, i) => (depth - i) * 20);
  return concat(
    ...sizes.map((size) => concat(element(REGIONS, "SQ", NOTHING, size - 12), item(NOTHING, size - 20))),
  );
}

/** Implicit attributes without values, each with another tag. */
function manyTags(count: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(count * 8));
  for (let i = 0; i < count; i++) {
    view.setUint16(i * 8, 0x0009 + 2 * Math.floor(i / 65_536), true);
    view.setUint16(i * 8 + 2, i % 65_536, true);
  }
  return new Uint8Array(view.buffer);
}

const HOSTILE: readonly [string, () => Uint8Array, string | RegExp][] = [
  ["500,000 sequences within one another, never closed", () => image(repeat(OPEN, 500_000)), "dicom/damaged"],
  [
    "500,000 sequences within one another, all closed",
    () => image(repeat(OPEN, 500_000), repeat(CLOSE, 500_000)),
    "dicom/damaged",
  ],
  ["100,000 sequences of known length within one another", () => image(nested(100_000)), "read"],
  [
    "2 million empty items",
    () => image(element(REGIONS, "SQ", concat(repeat(item(NOTHING), 2_000_000), SEQUENCE_END), UNDEFINED)),
    "dicom/damaged",
  ],
  [
    "2 million items that do not say their length",
    () =>
      image(
        element(
          REGIONS,
          "SQ",
          concat(repeat(concat(item(NOTHING, UNDEFINED), ITEM_END), 2_000_000), SEQUENCE_END),
          UNDEFINED,
        ),
      ),
    "dicom/damaged",
  ],
  ["3 million attributes", () => dicomFile(IMPLICIT, manyTags(3_000_000)), "dicom/damaged"],
  [
    "10 million times the same attribute",
    () => dicomFile(IMPLICIT, repeat(concat(u16(0x0009), u16(0x1001), u32(0)), 10_000_000)),
    "dicom/no-picture",
  ],
  [
    "1 million values that end nowhere",
    () => image(repeat(element(0x00091001, "OB", latin1("\xfe\xff\xfe\xff"), UNDEFINED), 1_000_000)),
    "dicom/no-picture",
  ],
  [
    "an attribute that reaches 4 GB beyond the file",
    () => dicomFile(EXPLICIT, element(0x00091001, "OB", NOTHING, UNDEFINED - 1), pixelModule(), PIXELS),
    "dicom/damaged",
  ],
  [
    "a sequence that reaches 4 GB beyond the file",
    () =>
      dicomFile(
        EXPLICIT,
        element(REGIONS, "SQ", item(NOTHING, UNDEFINED - 1), UNDEFINED - 1),
        pixelModule(),
        PIXELS,
      ),
    "dicom/damaged",
  ],
  [
    "a deflated data set of 256 MB",
    () => dicomFile(DEFLATED, deflateRawSync(new Uint8Array(256 * MiB))),
    "dicom/damaged",
  ],
  [
    "64 MB of numbers for the rows",
    () => dicomFile(EXPLICIT, element(0x00280010, "OW", new Uint8Array(64 * MiB)), PIXELS),
    "dicom/damaged",
  ],
  [
    "64 MB of spaces in the modality, and a letter",
    () => image(element(0x00080060, "UT", concat(repeat(SPACES, 64 * MiB), latin1("x")))),
    "read",
  ],
  [
    "a series description of 65,000 bytes of escape sequences",
    () =>
      image(
        text(0x00080005, "CS", "\\ISO 2022 IR 87\\ISO 2022 IR 159"),
        element(0x0008103e, "LO", repeat(latin1("\x1b$B;3\x1b$(D0!"), 5_900)),
      ),
    "read",
  ],
  ["3 million fragments", () => dicomFile(JPEG, pixelModule(), fragmentsOf(3_000_000)), "dicom/damaged"],
  [
    "200,000 frames of one empty fragment each",
    () => dicomFile(JPEG, pixelModule({ frames: "200000" }), fragmentsOf(200_000)),
    "read",
  ],
  [
    "an offset table of 64 MB that goes in circles",
    () =>
      dicomFile(
        JPEG,
        pixelModule({ frames: "2" }),
        element(
          PIXEL_DATA,
          "OB",
          concat(item(new Uint8Array(64 * MiB)), item(u32(0)), item(u32(0))),
          UNDEFINED,
        ),
      ),
    "read",
  ],
  [
    "2 billion frames in two fragments",
    () => dicomFile(JPEG, pixelModule({ frames: "2147483647" }), fragmented([], [u32(0), u32(0)])),
    "dicom/damaged",
  ],
  ["2 billion native frames", () => image(pixelModule({ frames: "2147483647" })), "read"],
  [
    "a picture of 65,535 × 65,535 pixels",
    () => dicomFile(EXPLICIT, pixelModule({ rows: 65_535, columns: 65_535 }), PIXELS),
    "dicom/too-large",
  ],
  [
    "a DICOMDIR of a million records",
    () =>
      dicomFile(
        EXPLICIT,
        element(0x00041220, "SQ", repeat(item(element(0x00041430, "CS", latin1("IMAGE "))), 1_000_000)),
      ),
    "dicom/damaged",
  ],
];

function fragmentsOf(count: number): Uint8Array {
  return element(
    PIXEL_DATA,
    "OB",
    concat(item(NOTHING), repeat(item(NOTHING), count), SEQUENCE_END),
    UNDEFINED,
  );
}

describe("a DICOM file whose structure asks for far more than its size", () => {
  test.for(HOSTILE)("%s", ([, build, code]) => costsLittle("dicom", build(), code));
});
