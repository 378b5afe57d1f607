import { expect, test } from "vitest";
import { isDicomDir, referencedFiles } from "../../../src/formats/dicom/dicomdir.ts";
import { readDicom } from "../../../src/formats/dicom/read-dicom.ts";
import { fixtureBytes } from "../../fixtures.ts";
import { concat } from "../../hostile/builders/bytes.ts";
import { dicomFile, EXPLICIT, element, item, short, text } from "../../hostile/builders/dicom.ts";

const ACTIVE = 0xffff;

const record = (type: string, path: string, inUse = ACTIVE) =>
  item(concat(short(0x00041410, inUse), text(0x00041430, "CS", type), text(0x00041500, "CS", path)));

const directory = (...records: readonly Uint8Array[]) =>
  dicomFile(EXPLICIT, element(0x00041220, "SQ", concat(...records)));

const listed = async (bytes: Uint8Array) => referencedFiles(await readDicom(bytes));

test("the images of a DICOMDIR that dcmtk made", async () => {
  const file = await readDicom(fixtureBytes("dicom/structure/dicomdir-by-dcmtk.dcm"));
  expect(isDicomDir(file)).toBe(true);
  expect(referencedFiles(file)).toEqual([0, 1, 2].map((i) => ["IMAGES", `S${i}`, `CR${i}`]));
});

test("an image is no DICOMDIR and lists nothing", async () => {
  const file = await readDicom(fixtureBytes("dicom/structure/explicit-le.dcm"));
  expect(isDicomDir(file)).toBe(false);
  expect(referencedFiles(file)).toEqual([]);
});

test("only images in use are listed, each once", async () => {
  const bytes = directory(
    ...[record("SERIES", "S"), record("IMAGE", "A\\I1"), record("IMAGE", "A\\I2", 0)],
    ...[record("IMAGE", "A\\I1"), record("SR DOCUMENT", "A\\SR"), record("IMAGE", "I3")],
  );
  expect(await listed(bytes)).toEqual([["A", "I1"], ["I3"]]);
});

test.each([
  ...[
    "..\\secret",
    "A\\..\\..\\etc",
    ".\\A",
    "\\etc\\passwd",
    "/etc/passwd",
    "A\\B/C",
    "C:\\A",
    "A\\\\B",
    "A\\B\u0007",
  ],
])("%j leads elsewhere and is left out", async (path) => {
  expect(await listed(directory(record("IMAGE", path), record("IMAGE", "GOOD")))).toEqual([["GOOD"]]);
});
