import { expect, test } from "vitest";
import { view } from "../../src/checks/view.ts";
import { header } from "./facts.ts";

test.each(["AP", "PA", "ap ", "AP AXIAL", "POSTERO_ANTERIOR"])("View Position %s is frontal", (position) => {
  expect(view(header({ viewPosition: position })).outcome).toBe("pass");
});

test.each([
  // DICOM PS3.3 C.8.1.1.
  ["LL", "a lateral view"],
  ["RL", "a lateral view"],
  ["RLD", "a view of a patient who lies on the side"],
  ["LLD", "a view of a patient who lies on the side"],
  ["RLO", "an oblique view"],
  ["LLO", "an oblique view"],
  // MIMIC-CXR.
  ["LATERAL", "a lateral view"],
  ["XTABLE LATERAL", "a lateral view"],
  ["PA LLD", "a view of a patient who lies on the side"],
  ["AP RLD", "a view of a patient who lies on the side"],
  ["RAO", "an oblique view"],
  ["LAO", "an oblique view"],
  ["LPO", "an oblique view"],
])("View Position %s is %s", (position, means) => {
  expect(view(header({ viewPosition: position }))).toEqual({
    check: "view",
    outcome: "warn",
    reason: `View Position is "${position}", which means ${means}, but the model is for frontal views.`,
  });
});

test.each(["", "SWIMMERS", "PA/LAT", "0", undefined])("View Position %j says nothing", (position) => {
  expect(view(header({ viewPosition: position })).outcome).toBe("unknown");
});

/** DICOM PS3.16 CID 4010; the second code is SNOMED-RT's, from pydicom's `_snomed_dict.py`. */
test.each([
  ["399348003", "R-10206", "antero-posterior", "pass"],
  ["272479007", "R-40888", "postero-anterior", "pass"],
  ["399033003", "R-10202", "frontal", "pass"],
  ["399067008", "R-102CD", "lateral", "warn"],
  ["399198007", "R-10232", "right lateral", "warn"],
  ["399173006", "R-10236", "left lateral", "warn"],
  ["399182000", "R-102C1", "oblique", "warn"],
  ["399356000", "R-40985", "right anterior oblique", "warn"],
  ["399061009", "R-10241", "axial", "warn"],
])("View Code %s or %s (%s): %s", (sct, srt, _meaning, outcome) => {
  expect(view(header({ viewCodes: [{ value: sct, scheme: "SCT" }] })).outcome).toBe(outcome);
  expect(view(header({ viewCodes: [{ value: srt, scheme: "SRT" }] })).outcome).toBe(outcome);
  expect(view(header({ viewCodes: [{ value: sct, scheme: "99LOCAL" }] })).outcome).toBe("unknown");
});

/** DICOM PS3.3 C.7.6.1.1.1: the directions of the rows, to the right, and of the columns, downwards. */
test.each([
  ["L", "F", "pass", /frontal view/],
  ["LF", "FR", "pass", /frontal view/],
  ["A", "F", "warn", /lateral view/],
  ["P", "F", "warn", /lateral view/],
  ["F", "A", "warn", /lateral view/],
  ["L", "P", "warn", /another view/],
  ["R", "F", "warn", /mirrored/],
  ["L", "H", "warn", /upside down/],
  ["R", "H", "warn", /upside down/],
  ["H", "L", "warn", /turned by a quarter/],
  ["F", "R", "warn", /turned by a quarter/],
])("Patient Orientation %s\\%s: %s", (row, column, outcome, reason) => {
  const found = view(header({ patientOrientation: [row, column] }));
  expect(found.outcome).toBe(outcome);
  expect(found.reason).toMatch(reason);
});

test.each([[], ["L"], ["", ""], ["LE", "CD", "X"], ["X", "Y"], ["H", "F"]])(
  "Patient Orientation %j says nothing",
  (...orientation) => {
    expect(view(header({ patientOrientation: orientation })).outcome).toBe("unknown");
  },
);

test("a name of the series that calls it lateral is believed, but not shown", () => {
  expect(view(header({ isCalledLateral: true }))).toEqual({
    check: "view",
    outcome: "warn",
    reason:
      "The series or its protocol has a name, which means a lateral view, but the model is for frontal views.",
  });
});

test("attributes that contradict each other are both named", () => {
  expect(view(header({ viewPosition: "PA", patientOrientation: ["A", "F"] }))).toEqual({
    check: "view",
    outcome: "warn",
    reason:
      'The header contradicts itself: View Position is "PA", but Patient Orientation is "A\\F", which means a lateral view.',
  });
  expect(view(header({ viewPosition: "AP", isCalledLateral: true })).reason).toMatch(
    /^The header contradicts itself: View Position is "AP", but the series /,
  );
});

test("free text in place of a code is not shown", () => {
  const { reason } = view(header({ viewPosition: "Doe^Jane left lateral, standing" }));
  expect(reason).toBe(
    "View Position has a text, which means a lateral view, but the model is for frontal views.",
  );
});

test("a picture that is not DICOM has no view", () => {
  expect(view(undefined)).toEqual({
    check: "view",
    outcome: "unknown",
    reason: "The view is unknown: the file is not DICOM.",
  });
});
