import { expect, test } from "vitest";
import { confusionAt } from "../../src/evaluation/confusion.ts";
import { diagnosticFigures } from "../../src/evaluation/diagnostic-figures.ts";
import {
  type Criterion,
  fitOperatingPoint,
  type OperatingPoint,
} from "../../src/evaluation/operating-points.ts";
import { drawn, METRICS_CASES } from "./cases.ts";

const fits = METRICS_CASES.flatMap(({ name, scores, truths, youden, f1_point, targets, specificities }) => {
  const of = (criterion: Criterion, expected: OperatingPoint | null, what: string) => {
    return { name: `${name}, ${what}`, scores, truths, criterion, expected };
  };
  const reached = (kind: "sensitivity" | "specificity", points: Record<string, OperatingPoint | null>) =>
    Object.entries(points).map(([target, expected]) =>
      of({ kind, target: Number(target) }, expected, `${kind} ${target}`),
    );
  return [
    of({ kind: "youden" }, youden, "Youden"),
    of({ kind: "f1" }, f1_point, "F1"),
    ...reached("sensitivity", targets),
    ...reached("specificity", specificities),
  ];
});

test.each(fits)("the point is the reference's: $name", ({ scores, truths, criterion, expected }) => {
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

test("of thresholds with the same F1, the highest is taken", () => {
  // F1 is 2/3 at 0.9 and at 0.6.
  expect(fitOperatingPoint([0.9, 0.8, 0.7, 0.6, 0.5], [1, 0, 0, 1, 0], { kind: "f1" })).toEqual({
    threshold: 0.9,
    sensitivity: 0.5,
    specificity: 1,
  });
});

test("no score has a larger F1 than the one fitted", () => {
  for (let seed = 0; seed < 50; seed++) {
    const { scores, truths } = drawn(seed);
    const f1At = (threshold: number) => diagnosticFigures(confusionAt(scores, truths, threshold)).f1!;
    const { threshold } = fitOperatingPoint(scores, truths, { kind: "f1" })!;
    expect(f1At(threshold)).toBe(Math.max(...Array.from(scores, f1At)));
  }
});

test("a specificity that is hit exactly is reached, with the best sensitivity there", () => {
  // 0.9, 0.8 and 0.7 reach 2/3; 0.9 and 0.8 with a sensitivity of 1/3, 0.7 with 2/3.
  const point = fitOperatingPoint(SCORES, TRUTHS, { kind: "specificity", target: 2 / 3 });
  expect(point).toEqual({ threshold: 0.7, sensitivity: 2 / 3, specificity: 2 / 3 });
});

test("of thresholds with the same sensitivity over a target specificity, the highest is taken", () => {
  // 0.6 reaches 1/3 as well, and finds no more.
  const point = fitOperatingPoint([0.9, 0.7, 0.6, 0.5], [0, 1, 0, 0], { kind: "specificity", target: 0.3 });
  expect(point).toEqual({ threshold: 0.7, sensitivity: 1, specificity: 2 / 3 });
});

test("a specificity that the highest score does not reach has no point", () => {
  expect(fitOperatingPoint([0.9, 0.9, 0.1], [1, 0, 0], { kind: "specificity", target: 0.6 })).toBeNull();
  expect(fitOperatingPoint([0.9, 0.9, 0.1], [1, 0, 0], { kind: "specificity", target: 0.5 })).toEqual({
    threshold: 0.9,
    sensitivity: 1,
    specificity: 0.5,
  });
});

test("equal scores stand or fall together", () => {
  const point = fitOperatingPoint([0.5, 0.5, 0.1], [1, 0, 0], { kind: "sensitivity", target: 1 });
  expect(point).toEqual({ threshold: 0.5, sensitivity: 1, specificity: 0.5 });
});

test.each([0, -0.1, 1.01, Number.NaN])("a target of %s is refused", (target) => {
  for (const kind of ["sensitivity", "specificity"] as const) {
    expect(() => fitOperatingPoint(SCORES, TRUTHS, { kind, target })).toThrow(
      expect.objectContaining({
        code: "evaluation/bad-target",
        message: `the target ${kind} is ${target}; it must be above 0 and at most 1`,
        details: { target },
      }),
    );
  }
});
