/** Kinds of DICOM objects by their SOP classes, as DICOM PS3.6, Annex A, names these. */

import { expect, test } from "vitest";
import { objectKind } from "../../src/formats/dicom/sop-class.ts";

const STORAGE = "1.2.840.10008.5.1.4.1.1";

test.each([
  [`${STORAGE}.1`, "image", "Computed Radiography"],
  [`${STORAGE}.1.1`, "image", "Digital X-Ray for presentation"],
  [`${STORAGE}.7`, "image", "Secondary Capture"],
  [`${STORAGE}.66.4`, "image", "Segmentation"],
  [`${STORAGE}.481.1`, "image", "RT Image"],
  [`${STORAGE}.88.11`, "structured report", "Basic Text SR"],
  [`${STORAGE}.88.59`, "key object selection", "Key Object Selection"],
  [`${STORAGE}.88.590`, "structured report", "a class that does not exist"],
  [`${STORAGE}.11.1`, "presentation state", "Grayscale Softcopy Presentation State"],
  [`${STORAGE}.9.1.1`, "waveform", "12-lead ECG"],
  [`${STORAGE}.104.1`, "encapsulated document", "Encapsulated PDF"],
  [`${STORAGE}.481.5`, "radiotherapy object", "RT Plan"],
  [`${STORAGE}.66`, "registration or raw data object", "Raw Data"],
  ["1.2.840.10008.1.3.10", "directory", "Media Storage Directory"],
  ["1.2.3", "image", "a private class"],
  [undefined, "image", "no class"],
])("%s is %s: %s", (uid, kind, _name) => {
  expect(objectKind(uid)).toBe(kind);
});
