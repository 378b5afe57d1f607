import { expect, test } from "vitest";
import { averagePrecision, precisionRecallCurve } from "../../src/evaluation/precision-recall.ts";
import { Random } from "../../src/random.ts";
import { drawn, expectNear, METRICS_CASES, shuffled } from "./cases.ts";

const judged = METRICS_CASES.filter(({ precision_recall }) => precision_recall !== null);
const without = METRICS_CASES.filter(({ precision_recall }) => precision_recall === null);

test("there are cases with and without a positive", () => {
  expect(without.map(({ name }) => name)).toEqual(["empty", "no-positive", "nothing-known"]);
  expect(judged.length).toBe(18);
});

test.each(judged)("the area equals scikit-learn's: $name", ({ scores, truths, average_precision }) => {
  expectNear(averagePrecision(scores, truths), average_precision);
});

test.each(judged)("the curve equals scikit-learn's: $name", ({ scores, truths, precision_recall }) => {
  const curve = precisionRecallCurve(scores, truths)!;
  expect(curve.thresholds[0]).toBe(Number.POSITIVE_INFINITY);
  // A threshold of -0 is a threshold of 0.
  expect([...curve.thresholds.subarray(1)].map((value) => value + 0)).toEqual(
    precision_recall!.thresholds.map((value) => value + 0),
  );
  for (const name of ["precision", "recall"] as const) {
    expect(curve[name].length).toBe(precision_recall![name].length);
    for (const [i, value] of curve[name].entries()) expectNear(value, precision_recall![name][i]!);
  }
});

test.each(without)("without a positive there is no area and no curve: $name", ({ scores, truths }) => {
  expect(averagePrecision(scores, truths)).toBeNull();
  expect(precisionRecallCurve(scores, truths)).toBeNull();
});

test("it is the mean, over positives, of the precision at each one's score", () => {
  for (let seed = 0; seed < 50; seed++) {
    const { scores, truths } = drawn(seed);
    const precisions: number[] = [];
    for (let i = 0; i < 40; i++) {
      if (truths[i] !== 1) continue;
      const called = [...truths].filter((truth, k) => !Number.isNaN(truth) && scores[k]! >= scores[i]!);
      precisions.push(called.filter((truth) => truth === 1).length / called.length);
    }
    const mean = precisions.reduce((sum, value) => sum + value, 0) / precisions.length;
    expect(averagePrecision(scores, truths)).toBeCloseTo(mean, 13);
  }
});

test("equal scores give the share of positives, whatever their order", () => {
  expect(averagePrecision([0.5, 0.5, 0.5, 0.5], [1, 0, 0, 0])).toBe(0.25);
  expect(averagePrecision([0.5, 0.5, 0.5, 0.5], [0, 0, 0, 1])).toBe(0.25);
});

test("neither the order of examples nor a rising function of the scores changes the area", () => {
  const given = drawn(7);
  const mixed = shuffled(given, 1);
  const area = averagePrecision(given.scores, given.truths);
  expect(mixed.scores).not.toEqual(given.scores);
  expect(averagePrecision(mixed.scores, mixed.truths)).toBe(area);
  expect(
    averagePrecision(
      given.scores.map((score) => score ** 3 - 5),
      given.truths,
    ),
  ).toBe(area);
});

test("infinite scores are scores", () => {
  const scores = [Number.NEGATIVE_INFINITY, 0, Number.POSITIVE_INFINITY];
  expect(averagePrecision(scores, [1, 0, 1])).toBeCloseTo((1 + 2 / 3) / 2, 14);
});

test.each([
  ["a score that is not a number", [0.5, Number.NaN], [1, 0], { index: 1 }],
  ["a truth between", [0.5, 0.2], [1, 0.5], { index: 1, truth: 0.5 }],
  ["other lengths", [0.5], [1, 0], { scores: 1, length: 2 }],
])("%s is refused", (_, scores, truths, details) => {
  for (const judge of [averagePrecision, precisionRecallCurve]) {
    expect(() => judge(scores, truths)).toThrow(
      expect.objectContaining({ code: "evaluation/bad-input", details }),
    );
  }
});

test("112,120 scores take well under a second, and say nothing where they are drawn blindly", () => {
  const random = Random.of(5, "many");
  const scores = Float32Array.from({ length: 112_120 }, () => random.next());
  const truths = Float32Array.from({ length: 112_120 }, () => (random.chance(0.1) ? 1 : 0));
  const started = performance.now();
  const area = averagePrecision(scores, truths)!;
  expect(performance.now() - started).toBeLessThan(500);
  expect(Math.abs(area - 0.1)).toBeLessThan(0.01);
});
