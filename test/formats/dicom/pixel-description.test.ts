/** What a header says about its pixels, and how headers that contradict themselves are refused. */

import { describe, expect, test } from "vitest";
import { describePixels } from "../../../src/formats/dicom/pixel-description.ts";
import { readDicom } from "../../../src/formats/dicom/read-dicom.ts";
import { concat } from "../../hostile/builders/bytes.ts";
import {
  dicomFile,
  EXPLICIT,
  element,
  PIXEL_DATA,
  type PixelAttributes,
  pixelModule,
  text,
} from "../../hostile/builders/dicom.ts";

const PIXELS = element(PIXEL_DATA, "OW", new Uint8Array(24));
const described = async (changed: PixelAttributes, pixels = PIXELS) =>
  describePixels(await readDicom(dicomFile(EXPLICIT, pixelModule(changed), pixels)));

test("a whole description", async () => {
  expect(
    await described({ photometric: "RGB ", samples: 3, frames: "2 ", allocated: 16, stored: 12, high: 11 }),
  ).toEqual({
    ...{ rows: 4, columns: 6, samplesPerPixel: 3, photometricInterpretation: "RGB", isPlanar: false },
    ...{ bitsAllocated: 16, bitsStored: 12, highBit: 11, isSigned: false, frames: 2 },
  });
});

test.for<[string, PixelAttributes, object]>([
  ["samples per pixel, of a grey picture", { samples: undefined }, { samplesPerPixel: 1 }],
  [
    "samples per pixel, of a colour picture",
    { samples: undefined, photometric: "RGB" },
    { samplesPerPixel: 3 },
  ],
  [
    "the photometric interpretation",
    { photometric: undefined },
    { photometricInterpretation: "MONOCHROME2" },
  ],
  ["bits stored", { stored: undefined, high: undefined }, { bitsStored: 8, highBit: 7 }],
  ["the high bit", { allocated: 16, stored: 12, high: undefined }, { highBit: 11 }],
  ["a number of frames above 0", { frames: "0" }, { frames: 1 }],
])("what an old file leaves out is filled in: %s", async ([, changed, expected]) => {
  expect(await described(changed)).toMatchObject(expected);
});

describe("refused", () => {
  test.for<[PixelAttributes, string, string]>([
    [{ rows: 0 }, "dicom/damaged", "it does not say its picture's number of rows"],
    [{ columns: undefined }, "dicom/damaged", "it does not say its picture's number of columns"],
    [{ allocated: undefined }, "dicom/damaged", "it does not say its picture's number of bits"],
    [{ stored: 9 }, "dicom/damaged", "samples of 8 bits cannot hold 9 bits up to bit 7"],
    [{ stored: 0 }, "dicom/damaged", "cannot hold 0 bits"],
    [{ high: 8 }, "dicom/damaged", "cannot hold 8 bits up to bit 8"],
    [{ high: 6 }, "dicom/damaged", "cannot hold 8 bits up to bit 6"],
    [{ frames: "-1" }, "dicom/damaged", "it has -1 frames"],
    [{ allocated: 1, stored: 1, high: 0 }, "dicom/unsupported", "samples of 1 bits"],
    [{ allocated: 12 }, "dicom/unsupported", "samples of 12 bits"],
    [{ samples: 4 }, "dicom/unsupported", "4 samples per pixel"],
    [{ rows: 65535, columns: 65535 }, "dicom/too-large", "65,535 × 65,535 pixels"],
  ])("%j: %s", async ([changed, code, message]) => {
    await expect(described(changed)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message),
    });
  });

  test("floating-point pixels", async () => {
    const pixels = element(0x7fe00008, "OF", new Uint8Array(96));
    await expect(described({}, pixels)).rejects.toMatchObject({ code: "dicom/unsupported" });
  });

  test("no pixels", async () => {
    await expect(described({}, new Uint8Array(0))).rejects.toMatchObject({ code: "dicom/no-picture" });
  });

  test("a file that ends before its pixels, with how much the last attribute lacks", async () => {
    const whole = dicomFile(EXPLICIT, pixelModule(), text(0x00281055, "LO", "explanation"));
    const file = await readDicom(whole.subarray(0, -5));
    expect(() => describePixels(file)).toThrow("it ends within the attribute (0028,1055), 5 bytes short");
  });
});

test("neither the name of a person nor a UID appears in a refusal", async () => {
  const file = await readDicom(
    dicomFile(EXPLICIT, concat(text(0x00080018, "UI", "1.2.3.4.5"), text(0x00100010, "PN", "Erfunden^Eva"))),
  );
  expect(() => describePixels(file)).toThrow(/^(?!.*(?:Erfunden|1\.2\.3)).*holds no picture/);
});
