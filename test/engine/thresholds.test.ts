import { expect, test } from "vitest";
import { chooseFindings, parseFindingChoice } from "../../src/engine/choose-findings.ts";
import { detect, resolveThresholds } from "../../src/engine/thresholds.ts";
import { plainPreparation } from "../../src/image/preparation.ts";
import type { ResolvedCard } from "../../src/models/card.ts";

const LABELS = ["Mass", "Edema", "Pleural_Thickening"];

const cardOf = (operatingPoints?: Record<string, number>): ResolvedCard => ({
  labels: LABELS,
  labelSource: "a test",
  preparation: plainPreparation(),
  activation: "sigmoid",
  ...(operatingPoints === undefined ? {} : { operatingPoints }),
});

test("one threshold stands for all findings, the card's for each", () => {
  expect(resolveThresholds(0.25, cardOf())).toEqual({ Mass: 0.25, Edema: 0.25, Pleural_Thickening: 0.25 });
  const points = { Mass: 0.1, Edema: 0, Pleural_Thickening: 1, Fracture: 0.5 };
  expect(resolveThresholds("card", cardOf(points))).toEqual({ Mass: 0.1, Edema: 0, Pleural_Thickening: 1 });
});

test("a card that lacks an operating point is refused with the findings' names", () => {
  expect(() => resolveThresholds("card", cardOf())).toThrow(/Mass, Edema, Pleural_Thickening/);
  expect(() => resolveThresholds("card", cardOf({ Mass: 0.1, Edema: 0.2 }))).toThrow(
    /for Pleural_Thickening;/,
  );
});

test("a finding at its threshold is detected, also where float32 cannot hold the threshold", () => {
  const probabilities = Float32Array.of(0.1, 0.3, 0.7);
  expect(detect(LABELS, probabilities, { Mass: 0.1, Edema: 0.3, Pleural_Thickening: 0.7 })).toEqual(LABELS);
  const justOver = { Mass: 0.1 + 1e-9, Edema: 0.3 + 1e-7, Pleural_Thickening: 0.7 + 1e-7 };
  expect(detect(LABELS, probabilities, justOver)).toEqual(["Mass"]);
});

test("findings to draw are words of choice or names in any spelling", () => {
  for (const word of ["top", "detected", "all"]) expect(parseFindingChoice([word], LABELS)).toBe(word);
  expect(parseFindingChoice(["pleural thickening", "oedema"], LABELS)).toEqual([
    "Pleural_Thickening",
    "Edema",
  ]);
  expect(() => parseFindingChoice(["top", "Mass"], LABELS)).toThrow(/no finding "top"/);
  expect(() => parseFindingChoice(["Hernia"], LABELS)).toThrow(/Mass, Edema, Pleural_Thickening/);
});

test("what is drawn comes by falling probability, or as it was named", () => {
  const probabilities = Float32Array.of(0.4, 0.2, 0.9);
  expect(chooseFindings("top", LABELS, probabilities, [])).toEqual([2]);
  expect(chooseFindings("all", LABELS, probabilities, [])).toEqual([2, 0, 1]);
  expect(chooseFindings("detected", LABELS, probabilities, ["Edema", "Mass"])).toEqual([0, 1]);
  expect(chooseFindings("detected", LABELS, probabilities, [])).toEqual([]);
  expect(chooseFindings(["Edema", "Pleural_Thickening"], LABELS, probabilities, [])).toEqual([1, 2]);
});
