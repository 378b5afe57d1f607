import { expect, test } from "vitest";
import {
  detectedIn,
  hasPoints,
  INITIAL_THRESHOLDS,
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
