import { expect, test } from "vitest";
import { studyLine } from "../../../src/report/pacs/study-line.ts";

test.each([
  [
    [
      ["report", 1],
      ["overlay", 1],
    ],
    [["pacs/not-frontal", 1]],
    [],
    "study 12: 1 report and 1 overlay stored, 1 image passed over (no frontal view)",
  ],
  [[["tid1500", 2]], [], [], "study 12: 2 reports stored"],
  [
    [],
    [
      ["pacs/not-frontal", 1],
      ["dicom/damaged", 1],
      ["raster/damaged", 1],
      ["pacs/other-modality", 1200],
      ["pacs/bad-uid", 3],
    ],
    [],
    "study 12: 1,206 images passed over (1,200 another modality, 1 no frontal view, 3 no valid UID, 2 not readable)",
  ],
  [
    [["text", 1]],
    [],
    [["pacs/server-error", 1]],
    "study 12: 1 report stored, 1 image set aside (the archive failed)",
  ],
  [[], [], [], "study 12: nothing to read"],
] as const)("%j, %j, %j", (stored, passedOver, setAside, line) => {
  const counts = {
    stored: new Map(stored),
    passedOver: new Map<string, number>(passedOver),
    setAside: new Map<string, number>(setAside),
  };
  expect(studyLine({ study: 12, ...counts })).toBe(line);
});
