/** Frames of native and compressed pixel data, also of damaged ones. What pydicom reads is in structure.test.ts. */

import { describe, expect, test } from "vitest";
import { frameBytes } from "../../../src/formats/dicom/frames.ts";
import { describePixels } from "../../../src/formats/dicom/pixel-description.ts";
import { readDicom } from "../../../src/formats/dicom/read-dicom.ts";
import { concat, u64 } from "../../hostile/builders/bytes.ts";
import {
  dicomFile,
  EXPLICIT,
  element,
  fragmented,
  item,
  JPEG,
  PIXEL_DATA,
  pixelModule,
  UNDEFINED,
} from "../../hostile/builders/dicom.ts";

const sequence = (length: number, first = 0) => Uint8Array.from({ length }, (_, i) => (first + i) % 256);

/** The bytes of the frames that are asked for. */
async function framesOf(bytes: Uint8Array, ...wanted: readonly number[]): Promise<number[][]> {
  const file = await readDicom(bytes);
  const description = describePixels(file);
  return wanted.map((frame) => [...frameBytes(file, description, frame)]);
}

describe("native", () => {
  const three = dicomFile(EXPLICIT, pixelModule({ frames: "3" }), element(PIXEL_DATA, "OB", sequence(72)));

  test("the second of three", async () => {
    expect(await framesOf(three, 2)).toEqual([[...sequence(24, 24)]]);
  });

  test.for([0, 4, 1.5, -1, Number.NaN])("there is no frame %d", async (frame) => {
    await expect(framesOf(three, frame)).rejects.toMatchObject({
      code: "dicom/no-such-frame",
      message: expect.stringContaining("has 3 frames"),
    });
  });

  test("a file cut short lacks its last frames, and says how many bytes of one are missing", async () => {
    const cut = three.subarray(0, -30);
    expect(await framesOf(cut, 1)).toEqual([[...sequence(24)]]);
    await expect(framesOf(cut, 2)).rejects.toMatchObject({ code: "dicom/damaged", details: { missing: 6 } });
    await expect(framesOf(cut, 3)).rejects.toThrow("frame 3 is 30 bytes short of 24 bytes");
  });

  test("two pixels of YBR_FULL_422 take four bytes", async () => {
    const pixels = element(PIXEL_DATA, "OB", sequence(48));
    const file = dicomFile(EXPLICIT, pixelModule({ samples: 3, photometric: "YBR_FULL_422" }), pixels);
    expect(await framesOf(file, 1)).toEqual([[...sequence(48)]]);
  });

  test("pixel data that is not compressed, under a syntax that says so", async () => {
    const file = dicomFile(JPEG, pixelModule(), element(PIXEL_DATA, "OW", sequence(24)));
    await expect(framesOf(file, 1)).rejects.toThrow(
      "not compressed as its transfer syntax (JPEG baseline) says",
    );
  });

  test("compressed pixel data, under a syntax that does not say how", async () => {
    const file = dicomFile(EXPLICIT, pixelModule(), fragmented([], [sequence(8)]));
    await expect(framesOf(file, 1)).rejects.toMatchObject({ code: "dicom/unsupported" });
  });
});

describe("compressed", () => {
  const [a, b, c, d] = [sequence(8, 1), sequence(6, 50), sequence(10, 100), sequence(4, 200)];
  /** Where the four begin, each after the header of its item. */
  const at = [0, 16, 30, 48];
  const start = (bytes: Uint8Array) => concat(Uint8Array.of(0xff, 0xd8), bytes);
  const file = (frames: number, table: readonly number[], fragments: readonly Uint8Array[]) =>
    dicomFile(JPEG, pixelModule({ frames: String(frames) }), fragmented(table, fragments));

  test("all fragments make up the only frame", async () => {
    expect(await framesOf(file(1, [], [a, b, c]), 1)).toEqual([[...a, ...b, ...c]]);
  });

  test("the offset table says where frames begin", async () => {
    expect(await framesOf(file(2, [at[0]!, at[1]!], [a, b, c, d]), 1, 2)).toEqual([
      [...a],
      [...b, ...c, ...d],
    ]);
  });

  test("the extended offset table goes before the basic one", async () => {
    const extended = element(0x7fe00001, "OV", concat(u64(at[0]!), u64(at[3]!)));
    const pixels = fragmented([at[0]!, at[1]!], [a, b, c, d]);
    const both = dicomFile(JPEG, pixelModule({ frames: "2" }), extended, pixels);
    expect(await framesOf(both, 1, 2)).toEqual([[...a, ...b, ...c], [...d]]);
  });

  test.for<[string, readonly number[]]>([
    ["that is empty", []],
    ["that is too short", [0]],
    ["that goes in circles", [16, 0]],
    ["whose frames overlap", [0, 0]],
    ["that points between fragments", [0, 17]],
    ["that points beyond the file", [0, 0xfffffff0]],
  ])("without need for an offset table %s, each of two fragments is a frame", async ([, table]) => {
    expect(await framesOf(file(2, table, [a, b]), 1, 2)).toEqual([[...a], [...b]]);
  });

  test("without an offset table, frames begin where JPEG streams do", async () => {
    const fragments = [start(a), b, start(c), d];
    expect(await framesOf(file(2, [], fragments), 1, 2)).toEqual([
      [0xff, 0xd8, ...a, ...b],
      [0xff, 0xd8, ...c, ...d],
    ]);
  });

  test("if nothing says where frames begin, none is made up", async () => {
    await expect(framesOf(file(2, [], [a, b, c]), 1)).rejects.toThrow("make up a frame cannot be told");
  });

  test("fewer fragments than frames", async () => {
    await expect(framesOf(file(3, [], [a, b]), 1)).rejects.toThrow(
      "should have 3 frames, but its pixel data has 2 fragments",
    );
  });

  test("a fragment that the file cuts short, with the number of bytes missing; others are read", async () => {
    const cut = file(2, [], [a, b]).subarray(0, -10);
    expect(await framesOf(cut, 1)).toEqual([[...a]]);
    await expect(framesOf(cut, 2)).rejects.toMatchObject({ code: "dicom/damaged", details: { missing: 2 } });
  });

  test("bytes that follow in place of the delimiter are not read", async () => {
    const cut = concat(file(1, [], [a]).subarray(0, -8), new Uint8Array(100));
    expect(await framesOf(cut, 1)).toEqual([[...a]]);
  });

  test.for<[string, Uint8Array]>([
    ["no item at all", element(PIXEL_DATA, "OB", new Uint8Array(0), UNDEFINED)],
    ["only an offset table", fragmented([0], [])],
    [
      "a fragment of undefined length",
      element(PIXEL_DATA, "OB", concat(item(a), item(b, UNDEFINED)), UNDEFINED),
    ],
  ])("%s", async ([, pixels]) => {
    const broken = dicomFile(JPEG, pixelModule(), pixels);
    await expect(framesOf(broken, 1)).rejects.toMatchObject({ code: "dicom/damaged" });
  });
});
