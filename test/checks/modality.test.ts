import { expect, test } from "vitest";
import type { Check, CheckOutcome } from "../../src/checks/check.ts";
import { modality } from "../../src/checks/modality.ts";
import { header } from "./facts.ts";

const pixels = (outcome: CheckOutcome): Check => ({ check: "frontal-chest", outcome, reason: "It is." });

test.each([
  // DICOM PS3.3 C.7.3.1.1.1: computed radiography, digital radiography, radiographic imaging (conventional film).
  ...["CR", "DX", "RG"],
  // Not in the standard, but in files.
  ...["DR", "XR", "cr "],
])("%s is a radiograph, whatever the pixels look like", (code) => {
  expect(modality(header({ modality: code }), pixels("refuse")).outcome).toBe("pass");
});

test.each(["CT", "MR", "US", "MG", "PT", "NM", "PX", "XC"])(
  "%s is refused only if the pixels do not look like a chest X-ray either",
  (code) => {
    const facts = header({ modality: code });
    expect(modality(facts, pixels("refuse")).outcome).toBe("refuse");
    expect(modality(facts, pixels("warn")).outcome).toBe("refuse");
    expect(modality(facts, pixels("pass")).outcome).toBe("warn");
    expect(modality(facts, pixels("unknown")).outcome).toBe("warn");
    expect(modality(facts, undefined).outcome).toBe("warn");
  },
);

test.each(["RF", "XA"])("%s is an X-ray of another kind, and is never refused", (code) => {
  expect(modality(header({ modality: code }), pixels("refuse")).outcome).toBe("warn");
});

test.each(["OT", "SC", "", "  ", "QQ", undefined])("%j does not say what the image is", (code) => {
  expect(modality(header({ modality: code }), pixels("refuse")).outcome).toBe("unknown");
});

test("the reason quotes the code and says what it means", () => {
  expect(modality(header({ modality: "CT" }), pixels("refuse")).reason).toBe(
    'Modality is "CT" (computed tomography), and the picture does not look like a frontal chest X-ray either.',
  );
  expect(modality(header({ modality: "Doe^Jane 1950-01-01" }), undefined).reason).toBe(
    "Modality is not a term that is known here.",
  );
});

test("a picture that is not DICOM has no modality", () => {
  expect(modality(undefined, pixels("pass"))).toEqual({
    check: "modality",
    outcome: "unknown",
    reason: "The modality is unknown: the file is not DICOM.",
  });
});
