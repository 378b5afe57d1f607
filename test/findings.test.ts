import { expect, test } from "vitest";
import { displayName, FINDING_NAMES, FINDINGS, matchLabel } from "../src/findings.ts";

test("the findings stand in the order of the CheXNet family's outputs", () => {
  expect(FINDING_NAMES).toEqual([
    "Atelectasis",
    "Cardiomegaly",
    "Effusion",
    "Infiltration",
    "Mass",
    "Nodule",
    "Pneumonia",
    "Pneumothorax",
    "Consolidation",
    "Edema",
    "Emphysema",
    "Fibrosis",
    "Pleural_Thickening",
    "Hernia",
  ]);
});

test("a name for people has spaces for underscores", () => {
  expect(FINDINGS[12]?.displayName).toBe("Pleural Thickening");
  expect(displayName("Enlarged_Cardio_mediastinum")).toBe("Enlarged Cardio mediastinum");
});

test.each([
  ["Pleural_Thickening", "Pleural_Thickening"],
  ["pleural thickening", "Pleural_Thickening"],
  ["PLEURAL-THICKENING", "Pleural_Thickening"],
  ["PleuralThickening", "Pleural_Thickening"],
  ["effusion", "Effusion"],
  ["Pleural Effusion", "Effusion"],
  ["Infiltrate", "Infiltration"],
  ["oedema", "Edema"],
  ["hiatal hernia", "Hernia"],
])("%s means NIH's label %s", (wanted, label) => {
  expect(matchLabel(wanted, FINDING_NAMES)).toBe(label);
});

test.each([["Fracture"], [""], ["Pleural"], ["constructor"]])("%j means none of NIH's labels", (wanted) => {
  expect(matchLabel(wanted, FINDING_NAMES)).toBeUndefined();
});

test("a model's own spelling comes back, whichever spelling was asked for", () => {
  const labels = ["Lung Opacity", "Pleural Effusion", "Infiltrate", "Edema"];
  expect(matchLabel("Effusion", labels)).toBe("Pleural Effusion");
  expect(matchLabel("infiltration", labels)).toBe("Infiltrate");
  expect(matchLabel("lung_opacity", labels)).toBe("Lung Opacity");
  expect(matchLabel("Hernia", labels)).toBeUndefined();
});

test("a label spelt as wanted wins over one that only means the same", () => {
  expect(matchLabel("Infiltrate", ["Infiltration", "Infiltrate"])).toBe("Infiltrate");
});
