import { expect, test } from "vitest";
import { CHECKS_COLUMN, csvHeader, csvRow, tableNames } from "../../../src/report/prediction/csv.ts";
import { jsonObject } from "../../../src/report/prediction/json.ts";
import { byProbability, textBlock } from "../../../src/report/prediction/text.ts";
import type { Result } from "../../../src/results/prediction.ts";

/** A result with these probabilities and the threshold 0.5. */
function resultOf(probabilities: Readonly<Record<string, number>>, more: Partial<Result> = {}): Result {
  const labels = Object.keys(probabilities);
  return {
    image: "xray.png",
    model: {
      name: "m.pth",
      sha256: "ab",
      labels,
      labelSource: "the model card",
      activation: "sigmoid",
      notes: [],
    },
    labels,
    threshold: 0.5,
    thresholds: Object.fromEntries(labels.map((label) => [label, 0.5])),
    detected: labels.filter((label) => probabilities[label]! >= 0.5),
    probabilities,
    logits: {},
    preparation: ["rgb"],
    notes: [],
    checks: [],
    gradcam: [],
    notice: "n",
    ...more,
  };
}

test("the block is the one of the contract, character by character", () => {
  const block = textBlock(
    resultOf({ Consolidation: 0.2345, Infiltration: 0.7112, Pleural_Thickening: 0.5, Effusion: 0.82336 }),
  );
  expect(block).toBe(
    [
      "── Result ──────────────────────────────────────",
      "Image     : xray.png",
      "Threshold : 0.5",
      "Detected  : Effusion, Infiltration, Pleural Thickening",
      "",
      "All probabilities:",
      "  Effusion           : 82.34% ◄",
      "  Infiltration       : 71.12% ◄",
      "  Pleural Thickening : 50.00% ◄",
      "  Consolidation      : 23.45%",
      "─────────────────────────────────────────────────",
      "",
    ].join("\n"),
  );
});

test("nothing detected reads none, and no mark is set", () => {
  const block = textBlock(resultOf({ Mass: 0.49999, Edema: 0 }));
  expect(block).toContain("\nDetected  : none\n");
  expect(block).toContain("\n  Mass               : 50.00%\n  Edema              : 0.00%\n");
  expect(block).not.toContain("◄");
});

test("what a label file says stands beside what was detected; what is not known is not claimed", () => {
  const truth = { Mass: 1, Edema: 0, Hernia: 1, Pleural_Thickening: null } as const;
  const probabilities = { Edema: 0.6, Hernia: 0.2, Mass: 0.9, Pleural_Thickening: 0.1 };
  expect(textBlock(resultOf(probabilities, { truth })).split("\n").slice(3, 10)).toEqual([
    "Detected  : Mass, Edema",
    "Truth   ✓ : Mass, Hernia (known of 3 of 4)",
    "",
    "All probabilities:",
    "  Mass               : 90.00% ◄ ✓",
    "  Edema              : 60.00% ◄",
    "  Hernia             : 20.00% ✓",
  ]);
  const truthLine = (known: Result["truth"] & object) =>
    textBlock(resultOf({ Mass: 0.1, Edema: 0.9 }, { truth: known })).split("\n")[4];
  expect(truthLine({ Mass: 0, Edema: 0 })).toBe("Truth   ✓ : none");
  expect(truthLine({ Mass: 0 })).toBe("Truth   ✓ : none (known of 1 of 2)");
  expect(truthLine({ Mass: 1, Edema: null })).toBe("Truth   ✓ : Mass (known of 1 of 2)");
  expect(truthLine({ Mass: null })).toBe("Truth   ✓ : not known");
  expect(truthLine({})).toBe("Truth   ✓ : not known");
  expect(jsonObject(resultOf(probabilities, { truth }))).toMatchObject({ truth });
  expect(jsonObject(resultOf(probabilities))).not.toHaveProperty("truth");
});

test("percentages have two decimals from 0 to 100", () => {
  const block = textBlock(resultOf({ Mass: 1, Edema: 0.00004, Hernia: 0.00006 }));
  expect(block).toMatch(/: 100\.00% ◄\n {2}Hernia +: 0\.01%\n {2}Edema +: 0\.00%\n/);
});

test("equal probabilities keep the model's order", () => {
  expect(byProbability(resultOf({ Mass: 0.2, Edema: 0.7, Hernia: 0.2, Nodule: 0.7 }))).toEqual([
    "Edema",
    "Nodule",
    "Mass",
    "Hernia",
  ]);
});

test("a label longer than the column widens it for all", () => {
  const block = textBlock(resultOf({ "Enlarged Cardiomediastinum": 0.1, Mass: 0.2 }));
  expect(block).toContain("\n  Mass                       : 20.00%\n  Enlarged Cardiomediastinum : 10.00%\n");
});

test("the card's thresholds read `card`, and marks follow what was detected", () => {
  const block = textBlock(resultOf({ Mass: 0.9, Edema: 0.1 }, { threshold: "card", detected: ["Edema"] }));
  expect(block).toContain("\nThreshold : card\nDetected  : Edema\n");
  expect(block).toContain("Mass               : 90.00%\n  Edema              : 10.00% ◄\n");
});

test("a csv row holds the file's name and the probabilities in the model's order", () => {
  const result = resultOf({ Mass: 0.25, Edema: 1.5e-7 }, { image: "folder/sub/xray.png" });
  expect(csvHeader(result.labels, [], [CHECKS_COLUMN])).toBe("Image Index,prob_Mass,prob_Edema,checks\n");
  expect(csvRow(result, "xray.png")).toBe("xray.png,0.25,1.5e-7,\n");
});

test("a table names images by their files, or where two of them are called alike by their paths", () => {
  expect(["a/v.png", "b/w.png"].map(tableNames(["a/v.png", "b/w.png"]))).toEqual(["v.png", "w.png"]);
  const shared = ["a/v.png", "b/v.png", "b/w.png"];
  expect(shared.map(tableNames(shared))).toEqual(shared);
});

test("commas, quotes and line breaks in names are quoted as RFC 4180 has it", () => {
  const result = resultOf({ 'Mass, "large"': 0.25 }, { image: 'a, "b"\nc.png' });
  expect(csvHeader(result.labels)).toBe('Image Index,"prob_Mass, ""large"""\n');
  expect(csvRow(result, result.image)).toBe('"a, ""b""\nc.png",0.25,\n');
});

test("json names the schema first, and each finding's threshold only where they differ", () => {
  const plain = jsonObject(resultOf({ Mass: 0.25 }));
  expect(Object.keys(plain)[0]).toBe("schema");
  expect(plain).toMatchObject({ schema: "medical-x/prediction@1", threshold: 0.5, detected: [] });
  expect(plain).not.toHaveProperty("thresholds");
  expect(plain).not.toHaveProperty("labels");
  const card = jsonObject(resultOf({ Mass: 0.25 }, { threshold: "card", thresholds: { Mass: 0.1 } }));
  expect(card).toMatchObject({ threshold: "card", thresholds: { Mass: 0.1 } });
});

test("json of a failure holds the image and the error alone", () => {
  const failure = {
    image: "x.png",
    error: { code: "file/not-found", message: "x.png: there is no such file" },
  };
  expect(jsonObject(failure)).toEqual({ schema: "medical-x/prediction@1", ...failure });
});
