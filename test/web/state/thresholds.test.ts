import { expect, test } from "vitest";
import {
  detectedIn,
  hasPoints,
  INITIAL_THRESHOLDS,
  measuredWords,
  moveThreshold,
  reaches,
  thresholdOf,
} from "../../../web/state/thresholds.ts";

const points = { A: 0.2, B: 0.8 };

test("0.5 for all, the model's points, or where the user moved it", () => {
  expect(thresholdOf("A", INITIAL_THRESHOLDS, points)).toBe(0.5);
  expect(thresholdOf("A", { base: "card", moved: {} }, points)).toBe(0.2);
  expect(thresholdOf("C", { base: "card", moved: {} }, points)).toBe(0.5);
  expect(thresholdOf("A", { base: "card", moved: { A: 0.9 } }, points)).toBe(0.9);
});

test("a threshold is moved within 0 and 1, and back", () => {
  const moved = moveThreshold(moveThreshold(INITIAL_THRESHOLDS, "A", 1.7), "B", 0.3);
  expect(moved.moved).toEqual({ A: 1, B: 0.3 });
  expect(moveThreshold(moved, "A", undefined).moved).toEqual({ B: 0.3 });
});

test("a probability at its threshold is detected, also where float32 rounds it", () => {
  expect(reaches(0.5, 0.5)).toBe(true);
  // 0.1 as float32 is 0.10000000149; a threshold of 0.1 in a card means that number.
  expect(reaches(Math.fround(0.7), 0.7)).toBe(true);
  expect(reaches(0.4999, 0.5)).toBe(false);
});

test("what is detected stands in the model's order", () => {
  const probabilities = { A: 0.6, B: 0.7, C: 0.1 };
  expect(detectedIn(["C", "B", "A"], probabilities, INITIAL_THRESHOLDS, undefined)).toEqual(["B", "A"]);
  expect(detectedIn(["A", "B"], probabilities, { base: "card", moved: {} }, points)).toEqual(["A"]);
});

test("a card without a point for each label cannot be chosen", () => {
  expect(hasPoints(["A", "B"], points)).toBe(true);
  expect(hasPoints(["A", "C"], points)).toBe(false);
  expect(hasPoints(["A"], undefined)).toBe(false);
});

const roc = {
  description: "200 drawn phantoms of seed 1",
  positives: 1,
  negatives: 1999,
  thresholds: [0, 0.2, 0.6, 1],
  sensitivity: [1, 0.9, 0.7, 0],
  specificity: [0, 0.8, 0.95, 1],
};

test("a threshold's sensitivity and specificity are read between the card's, with where they come from", () => {
  expect(measuredWords("Mass", 0.2, roc)).toBe(
    "At this threshold, the card gives a sensitivity of about 90.0 % and a specificity of about 80.0 %, measured on " +
      "1 image with Mass and 1,999 without (200 drawn phantoms of seed 1).",
  );
  expect(measuredWords("Mass", 0.4, roc)).toMatch(
    /sensitivity of about 80\.0 % .* specificity of about 87\.5 %/,
  );
  expect(measuredWords("Mass", 1, { ...roc, description: "" })).toMatch(
    /about 0\.0 % .* about 100\.0 %, measured on 1 image with Mass and 1,999 without\.$/,
  );
});
