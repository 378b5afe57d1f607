import { expect, test } from "vitest";
import { burnedIn } from "../../src/checks/burned-in.ts";
import { presentationIntent } from "../../src/checks/presentation-intent.ts";
import { header } from "./facts.ts";

// DICOM PS3.4 B.5: digital X-ray images for presentation and for processing; computed radiography.
const DX = "1.2.840.10008.5.1.4.1.1.1.1";
const DX_RAW = "1.2.840.10008.5.1.4.1.1.1.1.1";
const CR = "1.2.840.10008.5.1.4.1.1.1";

// DICOM PS3.3 C.8.11.1: the enumerated values of Presentation Intent Type.
test.each([
  ["FOR PROCESSING", DX_RAW, "warn"],
  ["FOR PROCESSING", undefined, "warn"],
  [undefined, DX_RAW, "warn"],
  ["FOR PRESENTATION", DX_RAW, "warn"],
  ["FOR PRESENTATION", DX, "pass"],
  ["FOR PRESENTATION", undefined, "pass"],
  [undefined, DX, "pass"],
  [undefined, CR, "unknown"],
  ["", undefined, "unknown"],
])("Presentation Intent Type %j in SOP class %s: %s", (intent, sopClass, outcome) => {
  const found = presentationIntent(header({ presentationIntent: intent, sopClassUid: sopClass }));
  expect(found.outcome).toBe(outcome);
  expect(found.reason).not.toContain("1.2.840");
});

// DICOM PS3.3 C.7.6.1: the enumerated values of Burned In Annotation.
test.each([
  ["YES", "warn"],
  ["NO", "pass"],
  ["no ", "pass"],
  ["", "unknown"],
  ["MAYBE", "unknown"],
  [undefined, "unknown"],
])("Burned In Annotation %j: %s", (value, outcome) => {
  expect(burnedIn(header({ burnedInAnnotation: value })).outcome).toBe(outcome);
});

test("a picture that is not DICOM says nothing of either", () => {
  expect(presentationIntent(undefined).outcome).toBe("unknown");
  expect(burnedIn(undefined).outcome).toBe("unknown");
});
