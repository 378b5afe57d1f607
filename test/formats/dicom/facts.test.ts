import { expect, test } from "vitest";
import { factsOf } from "../../../src/formats/dicom/facts.ts";
import { readDicom } from "../../../src/formats/dicom/read-dicom.ts";
import { fixtureBytes } from "../../fixtures.ts";
import { latin1 } from "../../hostile/builders/bytes.ts";
import { dicomFile, EXPLICIT, element, item, text } from "../../hostile/builders/dicom.ts";

// The values that scripts/reference/dicom_structure.py gives to the file.
test.each(["explicit-le", "implicit-le", "explicit-be", "deflated"])("the facts of %s.dcm", async (name) => {
  const facts = factsOf(await readDicom(fixtureBytes(`dicom/structure/${name}.dcm`)));
  const { transferSyntaxUid, ...others } = facts;
  expect(transferSyntaxUid).toMatch(/^1\.2\.840\.10008\.1\.2/);
  expect(others).toEqual({
    sopInstanceUid: "1.2.826.0.1.3680043.8.498.1",
    sopClassUid: "1.2.840.10008.5.1.4.1.1.1",
    modality: "DX",
    bodyPart: "CHEST",
    anatomicRegions: [{ value: "51185008", scheme: "SCT" }],
    viewPosition: "PA",
    viewCodes: [
      { value: "399348003", scheme: "SCT" },
      { value: "R-40888", scheme: "SRT" },
    ],
    patientOrientation: ["L", "F"],
    isCalledLateral: false,
    isOwnResult: false,
    presentationIntent: "FOR PRESENTATION",
    burnedInAnnotation: "NO",
    photometricInterpretation: "MONOCHROME1",
    presentationLutShape: "INVERSE",
    pixelIntensityRelationshipSign: -1,
    columns: 6,
    rows: 4,
    frames: 1,
  });
});

test("a file that says nothing has no facts, and one frame", async () => {
  const { transferSyntaxUid, ...others } = factsOf(
    await readDicom(dicomFile(EXPLICIT, text(0x00100020, "LO", "0000"))),
  );
  const given = Object.entries(others).filter(
    ([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0),
  );
  expect(Object.fromEntries(given)).toEqual({ isCalledLateral: false, isOwnResult: false, frames: 1 });
});

const SERIES = 0x0008103e;
const PROTOCOL = 0x00181030;
const calledLateral = async (...dataSet: readonly Uint8Array[]) =>
  factsOf(await readDicom(dicomFile(EXPLICIT, ...dataSet))).isCalledLateral;

test.each([
  "CHEST LAT",
  "Lateral",
  "Thorax seitlich",
  "W033 Chest L-LAT",
  "TORAX PERFIL",
  "torace latero-laterale",
])("%s is lateral", async (words) => {
  expect(await calledLateral(text(SERIES, "LO", words))).toBe(true);
  expect(await calledLateral(text(PROTOCOL, "LO", words))).toBe(true);
});

test.each([
  ...[
    "CHEST PA",
    "Chest PA and LAT",
    "Thorax p.a. und seitlich",
    "bilateral",
    "left lateral decubitus",
    "LATITUDE",
  ],
  ...["profiler", "view: PA", ""],
])("%j is not called lateral", async (words) => {
  expect(await calledLateral(text(SERIES, "LO", words))).toBe(false);
});

test("a sequence of codes that holds no items is no code", async () => {
  const facts = factsOf(
    await readDicom(dicomFile(EXPLICIT, element(0x00082218, "SQ", latin1("no items here")))),
  );
  expect(facts.anatomicRegions).toEqual([]);
  const empty = await readDicom(dicomFile(EXPLICIT, element(0x00082218, "SQ", item(new Uint8Array(0)))));
  expect(factsOf(empty).anatomicRegions).toEqual([]);
});
