import { expect, test } from "vitest";
import { confusionAt } from "../../src/evaluation/confusion.ts";
import { type DiagnosticFigures, diagnosticFigures } from "../../src/evaluation/diagnostic-figures.ts";
import { rocCounts } from "../../src/evaluation/roc.ts";
import { drawn, expectNear, METRICS_CASES } from "./cases.ts";

const given = METRICS_CASES.flatMap(({ name, scores, truths, confusions }) =>
  confusions.map((row, i) => ({ ...row, name: `${name}, ${i}: ${row.threshold}`, scores, truths })),
);

const NAMES: readonly (keyof DiagnosticFigures)[] = [
  "sensitivity",
  "specificity",
  "ppv",
  "npv",
  "f1",
  "accuracy",
  "positiveLikelihoodRatio",
  "negativeLikelihoodRatio",
];

test("each figure is a number in some cases and null in others", () => {
  expect(given.length).toBeGreaterThan(100);
  for (const name of NAMES) {
    const values = given.map(({ figures }) => figures[name]);
    expect(new Set(values.map((value) => value === null)).size).toBe(2);
    expect(new Set(values).size).toBeGreaterThan(10);
  }
});

test.each(given)("counts and figures equal scikit-learn's: $name", (row) => {
  const confusion = confusionAt(row.scores, row.truths, row.threshold);
  const { truePositives, falsePositives, trueNegatives, falseNegatives } = confusion;
  expect([truePositives, falsePositives, trueNegatives, falseNegatives]).toEqual(row.counts);
  const figures = diagnosticFigures(confusion);
  expect(Object.keys(figures)).toEqual(NAMES);
  for (const name of NAMES) expectNear(figures[name], row.figures[name]);
});

test("at each score the counts are those of the ROC curve", () => {
  const { scores, truths } = drawn(5);
  const counts = rocCounts(scores, truths);
  for (const [i, threshold] of counts.thresholds.entries()) {
    const { truePositives, falsePositives, trueNegatives, falseNegatives } = confusionAt(
      scores,
      truths,
      threshold,
    );
    expect([truePositives, falsePositives]).toEqual([counts.truePositives[i], counts.falsePositives[i]]);
    expect([truePositives + falseNegatives, falsePositives + trueNegatives]).toEqual([
      counts.positives,
      counts.negatives,
    ]);
  }
});

test("calling everything or nothing positive is a threshold too", () => {
  const count = (threshold: number) => confusionAt([0.9, 0.1, 0.4], [1, 0, Number.NaN], threshold);
  expect(count(Number.NEGATIVE_INFINITY)).toEqual({
    truePositives: 1,
    falsePositives: 1,
    trueNegatives: 0,
    falseNegatives: 0,
  });
  expect(count(Number.POSITIVE_INFINITY)).toEqual({
    truePositives: 0,
    falsePositives: 0,
    trueNegatives: 1,
    falseNegatives: 1,
  });
});

test("a threshold is rounded as the scores beside it are", () => {
  // Math.fround(0.7) is below 0.7.
  expect(confusionAt(new Float32Array([0.7]), [1], 0.7).truePositives).toBe(1);
  expect(confusionAt([Math.fround(0.7)], [1], 0.7).truePositives).toBe(0);
});

test("likelihood ratios turn the odds before a call into those after it", () => {
  for (let seed = 0; seed < 20; seed++) {
    const { scores, truths } = drawn(seed);
    const confusion = confusionAt(scores, truths, 0.5);
    const figures = diagnosticFigures(confusion);
    const before =
      (confusion.truePositives + confusion.falseNegatives) /
      (confusion.trueNegatives + confusion.falsePositives);
    expect(before * figures.positiveLikelihoodRatio!).toBeCloseTo(figures.ppv! / (1 - figures.ppv!), 12);
    expect(before * figures.negativeLikelihoodRatio!).toBeCloseTo((1 - figures.npv!) / figures.npv!, 12);
  }
});

test("an empty matrix has no figures", () => {
  const none = { truePositives: 0, falsePositives: 0, trueNegatives: 0, falseNegatives: 0 };
  expect(Object.values(diagnosticFigures(none))).toEqual(NAMES.map(() => null));
});

test.each([
  ["a score that is not a number", [0.5, Number.NaN], [1, 0], { index: 1 }],
  ["a truth between", [0.5, 0.2], [1, 0.5], { index: 1, truth: 0.5 }],
  ["other lengths", [0.5], [1, 0], { scores: 1, length: 2 }],
])("%s is refused", (_, scores, truths, details) => {
  expect(() => confusionAt(scores, truths, 0.5)).toThrow(
    expect.objectContaining({ code: "evaluation/bad-input", details }),
  );
});

test("a threshold that is not a number is refused", () => {
  expect(() => confusionAt([0.5], [1], Number.NaN)).toThrow(
    expect.objectContaining({ code: "evaluation/bad-threshold" }),
  );
});
