import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { chooseFiles, type Found } from "../../../web/state/intake.ts";

const png = readFileSync(new URL("../../../examples/images/00000001_000.png", import.meta.url));

/** The beginning of a DICOM file: preamble, prefix, and its Media Storage SOP Class UID. */
function dicom(sopClass: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(400);
  bytes.set(new TextEncoder().encode("DICM"), 128);
  bytes.set([2, 0, 2, 0, 0x55, 0x49, sopClass.length, 0], 132);
  bytes.set(new TextEncoder().encode(sopClass), 140);
  return bytes;
}

const found = (path: string, content: BlobPart, isFromFolder: boolean): Found => ({
  path,
  file: new Blob([content]),
  isFromFolder,
});

test("every file that the user names is taken, also one that is no image", async () => {
  const { files, passedOver } = await chooseFiles([
    found("a.png", png, false),
    found("notes.txt", "hello", false),
    found("empty", "", false),
  ]);
  expect(files.map(({ name }) => name)).toEqual(["a.png", "notes.txt", "empty"]);
  expect(passedOver).toEqual([]);
});

test("of a folder, only images are taken, whatever they are called, and the others are counted", async () => {
  const image = dicom("1.2.840.10008.5.1.4.1.1.1.1\0");
  const { files, passedOver } = await chooseFiles([
    found("disc/IM001", image, true),
    found("disc/readme.txt", "hello", true),
    found("disc/scan", png, true),
    found("disc/.DS_Store", "\0\0", true),
  ]);
  expect(files.map(({ name }) => name)).toEqual(["disc/IM001", "disc/scan"]);
  expect(passedOver).toEqual(["2 files are no images and were passed over."]);
});

test("a DICOMDIR is passed over in plain words, from a folder or not", async () => {
  const directory = dicom("1.2.840.10008.1.3.10\0");
  for (const isFromFolder of [true, false]) {
    const { files, passedOver } = await chooseFiles([found("DICOMDIR", directory, isFromFolder)]);
    expect(files).toEqual([]);
    expect(passedOver).toEqual([
      "DICOMDIR only lists the files of a disc and holds no image. Drop the folder that it came in, and all of its images are read.",
    ]);
  }
});
