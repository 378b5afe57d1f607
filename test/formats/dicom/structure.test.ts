/** Every form of a DICOM file: attributes and frames as pydicom reads them. */

import { describe, expect, test } from "vitest";
import type { DicomElements } from "../../../src/formats/dicom/elements.ts";
import { frameBytes } from "../../../src/formats/dicom/frames.ts";
import { describePixels } from "../../../src/formats/dicom/pixel-description.ts";
import { readDicom } from "../../../src/formats/dicom/read-dicom.ts";
import { identify } from "../../../src/formats/identify.ts";
import { fixtureBytes, fixtureFiles, fixtureJson } from "../../fixtures.ts";

interface Attribute {
  readonly vr: string;
  /** Numbers, texts, hexadecimal bytes, or items. */
  readonly value: readonly number[] | readonly string[] | string | readonly Attributes[];
}

type Attributes = { readonly [tag: string]: Attribute };

interface Expected {
  readonly syntax: string;
  readonly isNamed: boolean;
  readonly attributes: Attributes;
  /** Hexadecimal. */
  readonly frames: readonly string[];
}

const FOLDER = "dicom/structure";
const NUMBERS = new Set(["US", "SS", "UL", "SL", "FL", "FD", "IS", "DS"]);
const hex = (bytes: Uint8Array | undefined): string | undefined =>
  bytes && Buffer.from(bytes).toString("hex");

/** The same attributes, as they are read here. */
const readLike = (elements: DicomElements, wanted: Attributes): Attributes =>
  Object.fromEntries(
    Object.entries(wanted).map(([tag, { vr, value }]) => [
      tag,
      { vr, value: valueLike(elements, tag, vr, value) },
    ]),
  );

function valueLike(elements: DicomElements, tag: string, vr: string, wanted: Attribute["value"]) {
  if (vr === "SQ")
    return elements
      .sequence(tag)
      .map((item, i) => readLike(item, (wanted as readonly Attributes[])[i] ?? {}));
  if (typeof wanted === "string") return hex(elements.bytes(tag)) ?? "";
  return NUMBERS.has(vr) ? elements.numbers(tag) : elements.texts(tag);
}

const files = fixtureFiles(FOLDER);
const read = (file: string) => readDicom(fixtureBytes(`${FOLDER}/${file}`));
const expectedOf = (file: string) => fixtureJson<Expected>(`${FOLDER}/${file}.json`);

describe("as pydicom reads it", () => {
  test.for(files)("%s", async (file) => {
    const expected = expectedOf(file);
    const dicom = await read(file);
    expect(dicom.transferSyntaxUid).toBe(expected.syntax);
    expect(dicom.missing).toBe(0);
    expect(readLike(dicom.elements, expected.attributes)).toEqual(expected.attributes);
  });
});

describe("frames as pydicom reads them", () => {
  const withFrames = files.filter((file) => expectedOf(file).frames.length > 0);
  test.for(withFrames)("%s", async (file) => {
    const { frames } = expectedOf(file);
    const dicom = await read(file);
    const description = describePixels(dicom);
    expect(description.frames).toBe(frames.length);
    expect(frames.map((_, i) => hex(frameBytes(dicom, description, i + 1)))).toEqual(frames);
  });
});

test.each(files)("%s is identified as DICOM, also by its first 256 bytes", (file) => {
  const bytes = fixtureBytes(`${FOLDER}/${file}`);
  expect(identify(bytes)).toBe("dicom");
  expect(identify(bytes.subarray(0, 256))).toBe("dicom");
});

test("a file without a transfer syntax says that it was guessed, others do not", async () => {
  const guessed = files.filter((file) => !expectedOf(file).isNamed);
  expect(guessed.length).toBe(5);
  for (const file of files) {
    const { notes } = await read(file);
    expect(notes.some((note) => note.startsWith("the file does not name its transfer syntax"))).toBe(
      guessed.includes(file),
    );
  }
});

test("a file whose attributes are not as its transfer syntax says carries a note", async () => {
  const { notes } = await read("says-explicit-is-implicit.dcm");
  expect(notes).toEqual([
    "its attributes do not give their value representations, against what its transfer syntax says; they were read as they are",
  ]);
});
