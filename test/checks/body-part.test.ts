import { expect, test } from "vitest";
import { bodyPart } from "../../src/checks/body-part.ts";
import type { CodedEntry } from "../../src/formats/dicom/facts.ts";
import { header } from "./facts.ts";

const code = (value: string, scheme = "SCT"): CodedEntry => ({ value, scheme });

test.each([
  // DICOM PS3.16 Annex L: Body Part Examined of the chest and of the lung.
  ...["CHEST", "LUNG"],
  // MIMIC-CXR, VinDr-CXR, and the files of SIIM-FISABIO-RSNA.
  ...["PORT CHEST", "THORAX", "Thorax", "TORAX", "2- TORAX", "T?RAX", "TÒRAX", "Pecho", "PECHO"],
  // The Cancer Imaging Archive.
  ...["CHEST NO GRID", "CHEST (THORAX) "],
])("%s is the chest", (part) => {
  expect(bodyPart(header({ bodyPart: part })).outcome).toBe("pass");
});

test.each([
  // DICOM PS3.16 Annex L; the last two from The Cancer Imaging Archive.
  ...["CHESTABDOMEN", "CHESTABDPELVIS", "NECKCHEST", "NECKCHESTABDPELV", "CHEST_TO_PELVIS", "CHEST/ABD"],
])("%s is more than the chest", (part) => {
  const { outcome, reason } = bodyPart(header({ bodyPart: part }));
  expect(outcome).toBe("warn");
  expect(reason).toMatch(/, but the model is for images of the chest alone\.$/);
});

// DICOM PS3.16 Annex L.
test.each(["SKULL", "ABDOMEN", "HAND", "KNEE", "TSPINE", "BREAST", "RIB", "HEART", "WHOLEBODY"])(
  "%s is not the chest",
  (part) => {
    expect(bodyPart(header({ bodyPart: part }))).toEqual({
      check: "body-part",
      outcome: "warn",
      reason: `Body Part Examined is "${part}", but the model is for chest X-rays.`,
    });
  },
);

test.each(["", " ", "UNKNOWN", "OTHER", undefined])("%j names no part of the body", (part) => {
  expect(bodyPart(header({ bodyPart: part })).outcome).toBe("unknown");
});

test.each([
  // DICOM PS3.16 CID 4 of 2022 and before, SNOMED-RT before that; the lung.
  ...[code("816094009"), code("51185008"), code("T-D3000", "SRT"), code("39607008"), code("T-28000", "SNM3")],
])("the code $value is the chest", (region) => {
  expect(bodyPart(header({ anatomicRegions: [region] })).outcome).toBe("pass");
});

test.each([
  ["69536005", "head", "a part of the body other than the chest"],
  ["416550000", "chest and abdomen", "more than the chest"],
  ["417437006", "neck and chest", "more than the chest"],
])("the code %s (%s) is not the chest alone", (value, _meaning, means) => {
  const { outcome, reason } = bodyPart(header({ anatomicRegions: [code(value)] }));
  expect(outcome).toBe("warn");
  expect(reason).toBe(`The Anatomic Region Sequence names ${means}, but the model is for chest X-rays.`);
});

test("attributes that disagree are both named", () => {
  const facts = header({ bodyPart: "CHEST", anatomicRegions: [code("69536005")] });
  expect(bodyPart(facts)).toMatchObject({
    outcome: "warn",
    reason:
      'Body Part Examined is "CHEST", but the Anatomic Region Sequence names a part of the body other than the chest.',
  });
  expect(bodyPart(header({ bodyPart: "CHEST", anatomicRegions: [code("51185008")] })).outcome).toBe("pass");
});

test("only known terms are shown", () => {
  const { reason } = bodyPart(header({ bodyPart: "DOE JANE 1950" }));
  expect(reason).not.toMatch(/doe|1950/i);
});

test("free text in place of a code is not shown", () => {
  const { outcome, reason } = bodyPart(header({ bodyPart: "Doe, Jane, born 1950: left knee" }));
  expect(outcome).toBe("warn");
  expect(reason).toBe(
    "Body Part Examined names a part of the body other than the chest, but the model is for chest X-rays.",
  );
});

test("a picture that is not DICOM names no part of the body", () => {
  expect(bodyPart(undefined)).toEqual({
    check: "body-part",
    outcome: "unknown",
    reason: "The body part is unknown: the file is not DICOM.",
  });
});
