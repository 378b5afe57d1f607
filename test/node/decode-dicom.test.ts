/** DICOM files through the whole display transform, against pydicom, and what is refused. */
import { expect, test } from "vitest";
import type { VoiChoice } from "../../src/image/prepare.ts";
import { decodeImage } from "../../src/node/decode.ts";
import { fixtureBytes, fixtureJson, fromBase64 } from "../fixtures.ts";
import { dicomFile, EXPLICIT, element, PIXEL_DATA, pixelModule } from "../hostile/builders/dicom.ts";

interface Row {
  readonly file: string;
  readonly levels: string;
  readonly voi: VoiChoice;
  readonly exact: boolean;
  readonly frame?: number;
}

const rows = fixtureJson<readonly Row[]>("dicom/display/levels.json");
const bytesOf = (file: string): Uint8Array => fixtureBytes(`dicom/display/${file}.dcm`);

test.each(rows)(
  "$file with $voi shows pydicom's grey levels",
  async ({ file, voi, exact, frame, levels }) => {
    const bytes = fixtureBytes(`dicom/display/${file}`);
    const { data } = await decodeImage(bytes, { voi, ...(frame === undefined ? {} : { frame }) });
    const wanted = fromBase64(levels);
    expect(data.length).toBe(wanted.length);
    const most = wanted.reduce((far, level, i) => Math.max(far, Math.abs(level - data[i]!)), 0);
    expect(most).toBeLessThanOrEqual(exact ? 0 : 1);
  },
);

test.each([
  [
    "implicit-le-10u-MONOCHROME1-none",
    [
      "decode dicom 67x45 grey10 of 16, implicit little endian",
      "min–max 0 … 1023, as the header names no window",
      "inverted: MONOCHROME1",
    ],
    [],
  ],
  [
    "jpeg-lossless-57-12u-MONOCHROME2-windows",
    ["decode dicom 67x45 grey12 of 16, JPEG lossless", "window 1843.2/2048 from the header"],
    ["the header names 2 windows; the first was used"],
  ],
  [
    "explicit-be-16s-MONOCHROME2-rescale",
    [
      "decode dicom 67x45 grey16, explicit big endian",
      "rescale slope 2 intercept -100",
      "window -6653.6/65536 from the header",
    ],
    [],
  ],
  [
    "odd-frames-rle",
    ["decode dicom 67x45 grey12 of 16, RLE", "frame 1 of 3", "window 1843.2/2048 from the header"],
    ["the file holds 3 frames; the first was read; the option frame reads another"],
  ],
  [
    "odd-short-voi-lut",
    ["decode dicom 67x45 grey12 of 16, explicit little endian", "VOI LUT of 3000 entries from the header"],
    ["the VOI LUT has only 3000 of its 4096 entries; the last one stands for those that are missing"],
  ],
  [
    "odd-window-of-width-0",
    [
      "decode dicom 67x45 grey12 of 16, explicit little endian",
      "min–max 0 … 4095, as the header names no window",
    ],
    ["the header's window 2048/0 cannot be applied; it was left out"],
  ],
  [
    "odd-monochrome1-and-inverse",
    [
      "decode dicom 67x45 grey12 of 16, explicit little endian",
      "window 1843.2/2048 from the header",
      "inverted: MONOCHROME1",
    ],
    [],
  ],
  [
    "odd-padding-beside-the-picture",
    [
      "decode dicom 67x45 grey12 of 16, explicit little endian",
      "padding 0 drawn black",
      "min–max 782 … 3886, as the header names no window",
      "inverted: MONOCHROME1",
    ],
    [],
  ],
])("the receipt and the notes of %s", async (file, steps, notes) => {
  const image = await decodeImage(bytesOf(file));
  expect(image.steps).toEqual(steps);
  expect(image.notes).toEqual(notes);
});

/** Bytes of a file with the pixel data's bytes changed by `change`, which gets the bytes from the first fragment on. */
function changed(file: string, change: (pixels: Uint8Array) => void): Uint8Array {
  const bytes = bytesOf(file).slice();
  const at = Buffer.from(bytes).lastIndexOf(Buffer.from([0xe0, 0x7f, 0x10, 0x00]));
  change(bytes.subarray(at + 12));
  return bytes;
}

const refusal = (bytes: Uint8Array): Promise<unknown> =>
  decodeImage(bytes).then(
    () => "read",
    (error: unknown) => error,
  );

test.each([
  ["jpeg-lossless-57-12u-MONOCHROME2-windows", [0xff, 0xc3], 5, "pixels, but the header says 67×45"],
  ["jpeg-ls-12u-MONOCHROME2-inverse", [0xff, 0xf7], 5, "pixels, but the header says 67×45"],
  ["jpeg-2000-12s-MONOCHROME2-none", [0xff, 0x51], 8, "pixels, but the header says 67×45"],
  ["jpeg-2000-12s-MONOCHROME2-none", [0xff, 0x90], 8, "tile part"],
  ["htj2k-12u-MONOCHROME2-rescale-negative", [0xff, 0x90], 8, "tile part"],
  ["jpeg-lossless-57-12u-MONOCHROME2-windows", [0xff, 0xd9], 0, "it ends before its end marker"],
  ["jpeg-ls-12u-MONOCHROME2-inverse", [0xff, 0xd9], 0, "it ends before its end marker"],
])("%s with a wrong byte after %j is damaged", async (file, marker, after, words) => {
  const bytes = changed(file, (pixels) => {
    const at = Buffer.from(pixels).lastIndexOf(Buffer.from(marker));
    pixels[at + after]! ^= 0x01;
  });
  expect(await refusal(bytes)).toMatchObject({
    code: "dicom/damaged",
    message: expect.stringContaining(words),
  });
});

test("frames are decoded after one that made the decoder trap", async () => {
  const bytes = changed("jpeg-ls-12u-MONOCHROME2-inverse", (pixels) => {
    const at = Buffer.from(pixels).indexOf(Buffer.from([0xff, 0xda]));
    pixels.fill(0xaa, at + 12, at + 300);
  });
  expect(await refusal(bytes)).toMatchObject({ code: "dicom/damaged" });
  const { data } = await decodeImage(bytesOf("jpeg-ls-12u-MONOCHROME2-inverse"));
  const wanted = rows.find(({ file }) => file === "jpeg-ls-12u-MONOCHROME2-inverse.dcm")!;
  expect([...data]).toEqual([...fromBase64(wanted.levels)]);
});

test("RLE segments that are too short are damaged", async () => {
  const bytes = changed("rle-16u-MONOCHROME2-voi-lut-8", (pixels) => {
    const header = Buffer.from(pixels).indexOf(Buffer.from([2, 0, 0, 0, 64, 0, 0, 0]));
    pixels.fill(0x80, header + 64, header + 264);
  });
  expect(await refusal(bytes)).toMatchObject({
    code: "dicom/damaged",
    message: expect.stringMatching(/segment 1 holds \d+ of 3015 bytes/),
  });
});

test("a photometric interpretation that is not read is unsupported", async () => {
  const bytes = bytesOf("colour-explicit-le-ybr").slice();
  const at = Buffer.from(bytes).indexOf("YBR_FULL");
  bytes.set(Buffer.from("CMYK    "), at);
  expect(await refusal(bytes)).toMatchObject({ code: "dicom/unsupported" });
});

/** A picture of YBR_FULL_422, in which two pixels of a row share their colours. */
const shared = (columns: number, bits: number) =>
  dicomFile(
    EXPLICIT,
    pixelModule({
      samples: 3,
      photometric: "YBR_FULL_422",
      columns,
      rows: 3,
      allocated: bits,
      stored: bits,
      high: bits - 1,
    }),
    element(PIXEL_DATA, "OB", new Uint8Array((columns * 3 * 2 * bits) / 8).fill(128)),
  );

test("colours that pixels share in pairs need even rows, and 8 bits", async () => {
  const { data, width, height } = await decodeImage(shared(4, 8));
  expect([data.length, width, height]).toEqual([4 * 3 * 3, 4, 3]);
  for (const columns of [3, 5])
    expect(await refusal(shared(columns, 8))).toMatchObject({
      code: "dicom/damaged",
      message: expect.stringContaining(
        `its pixels share their colours in pairs, but a row has ${columns} of them`,
      ),
    });
  expect(await refusal(shared(4, 16))).toMatchObject({
    code: "dicom/unsupported",
    message: expect.stringContaining("share colours of more than 8 bits, which are not read"),
  });
});

/** A JPEG 2000 file that says it is one of Part 2. The UIDs have the same length. */
function multicomponent(ending: string, rsiz?: number): Uint8Array {
  const bytes = changed("jpeg-2000-12s-MONOCHROME2-none", (pixels) => {
    const at = Buffer.from(pixels).indexOf(Buffer.from([0xff, 0x4f, 0xff, 0x51]));
    if (rsiz !== undefined) Buffer.from(pixels.buffer, pixels.byteOffset).writeUInt16BE(rsiz, at + 6);
  });
  bytes.set(Buffer.from(ending), Buffer.from(bytes).indexOf("1.2.840.10008.1.2.4.90"));
  return bytes;
}

test("a multi-component syntax is read where the stream has no transform of Part 2, and refused where it has", async () => {
  const { data } = await decodeImage(multicomponent("1.2.840.10008.1.2.4.92"));
  const wanted = rows.find(({ file }) => file === "jpeg-2000-12s-MONOCHROME2-none.dcm")!;
  expect([...data]).toEqual([...fromBase64(wanted.levels)]);
  // As OpenJPEG 2.5 writes it for a custom transform.
  expect(await refusal(multicomponent("1.2.840.10008.1.2.4.92", 0x8100))).toMatchObject({
    code: "dicom/unsupported",
    message: expect.stringContaining("has a transform between its colours or frames that is not read"),
  });
});

test.each(["jpeg-2000-12s-MONOCHROME2-none", "htj2k-12u-MONOCHROME2-rescale-negative"])(
  "tiles of %s that begin below or right of the picture are damaged, and do not keep the decoder busy for ever",
  async (file) => {
    // The last bytes of XTOsiz and YTOsiz.
    for (const at of [35, 39]) {
      const bytes = changed(file, (pixels) => {
        pixels[Buffer.from(pixels).indexOf(Buffer.from([0xff, 0x4f, 0xff, 0x51])) + at]! ^= 0x08;
      });
      expect(await refusal(bytes)).toMatchObject({
        code: "dicom/damaged",
        message: expect.stringContaining("its tiles have an impossible size or place"),
      });
    }
  },
);
