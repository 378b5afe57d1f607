import { expect, test } from "vitest";
import { type Criterion, fitOperatingPoint } from "../../src/evaluation/operating-points.ts";
import { METRICS_CASES } from "./cases.ts";

const fits = METRICS_CASES.flatMap(({ name, scores, truths, youden, targets }) => [
  { name: `${name}, Youden`, scores, truths, criterion: { kind: "youden" } as Criterion, expected: youden },
  ...Object.entries(targets).map(([target, expected]) => ({
    name: `${name}, sensitivity ${target}`,
    scores,
    truths,
    criterion: { kind: "sensitivity", target: Number(target) } as Criterion,
    expected,
  })),
]);

test.each(fits)("the point is scikit-learn's curve's: $name", ({ scores, truths, criterion, expected }) => {
  const point = fitOperatingPoint(scores, truths, criterion);
  if (point === null || expected === null) {
    expect(point).toBe(expected);
    return;
  }
  expect(point.threshold + 0).toBe(expected.threshold + 0);
  expect(point.sensitivity).toBeCloseTo(expected.sensitivity, 14);
  expect(point.specificity).toBeCloseTo(expected.specificity, 14);
});

const SCORES = [0.9, 0.8, 0.7, 0.6, 0.5, 0.4];
const TRUTHS = [1, 0, 1, 0, 1, 0];

test("of thresholds with the same J, the highest is taken", () => {
  // J is 1/3 at 0.9, 0.7 and 0.5.
  expect(fitOperatingPoint(SCORES, TRUTHS, { kind: "youden" })).toEqual({
    threshold: 0.9,
    sensitivity: 1 / 3,
    specificity: 1,
  });
});

test("a sensitivity that is hit exactly is reached", () => {
  const point = fitOperatingPoint(SCORES, TRUTHS, { kind: "sensitivity", target: 2 / 3 });
  expect(point).toEqual({ threshold: 0.7, sensitivity: 2 / 3, specificity: 2 / 3 });
});

test("equal scores stand or fall together", () => {
  const point = fitOperatingPoint([0.5, 0.5, 0.1], [1, 0, 0], { kind: "sensitivity", target: 1 });
  expect(point).toEqual({ threshold: 0.5, sensitivity: 1, specificity: 0.5 });
});

test.each([0, -0.1, 1.01, Number.NaN])("a target sensitivity of %s is refused", (target) => {
  expect(() => fitOperatingPoint(SCORES, TRUTHS, { kind: "sensitivity", target })).toThrow(
    expect.objectContaining({ code: "evaluation/bad-target", details: { target } }),
  );
});
