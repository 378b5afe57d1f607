import { expect, test } from "vitest";
import { auroc, rocCounts, rocCurve } from "../../src/evaluation/roc.ts";
import { Random } from "../../src/random.ts";
import { drawn, METRICS_CASES, shuffled } from "./cases.ts";

const known = METRICS_CASES.filter(({ curve }) => curve !== null);
const oneClass = METRICS_CASES.filter(({ curve }) => curve === null);

test("there are cases of both kinds", () => {
  expect([known.length, oneClass.length]).toEqual([16, 5]);
});

test.each(known)("the area equals scikit-learn's: $name", ({ scores, truths, auroc: expected }) => {
  expect(Math.abs(auroc(scores, truths)! - expected!)).toBeLessThan(1e-12);
});

test.each(known)("the curve equals scikit-learn's: $name", ({ scores, truths, curve }) => {
  const { thresholds, fpr, tpr } = rocCurve(scores, truths)!;
  expect(thresholds[0]).toBe(Number.POSITIVE_INFINITY);
  // A threshold of -0 is a threshold of 0.
  expect([...thresholds.subarray(1)].map((value) => value + 0)).toEqual(
    curve!.thresholds.map((value) => value + 0),
  );
  for (const [ours, theirs] of [
    [fpr, curve!.fpr],
    [tpr, curve!.tpr],
  ] as const) {
    expect(ours.length).toBe(theirs.length);
    for (const [i, value] of ours.entries()) expect(Math.abs(value - theirs[i]!)).toBeLessThan(1e-12);
  }
});

test.each(oneClass)("one class alone has no area and no curve: $name", ({ scores, truths }) => {
  expect(auroc(scores, truths)).toBeNull();
  expect(rocCurve(scores, truths)).toBeNull();
});

test("the area is the share of pairs that are in order, ties counting half", () => {
  for (let seed = 0; seed < 50; seed++) {
    const { scores, truths } = drawn(seed);
    let [sum, pairs] = [0, 0];
    for (let i = 0; i < 40; i++) {
      for (let j = 0; j < 40; j++) {
        if (truths[i] !== 1 || truths[j] !== 0) continue;
        sum += scores[i]! > scores[j]! ? 1 : scores[i] === scores[j] ? 0.5 : 0;
        pairs++;
      }
    }
    expect(auroc(scores, truths)).toBeCloseTo(sum / pairs, 14);
  }
});

test("the counts at a threshold are those of the examples at or over it", () => {
  const { scores, truths } = drawn(99);
  const counts = rocCounts(scores, truths);
  for (const [i, threshold] of counts.thresholds.entries()) {
    const called = [...truths].filter((_, k) => scores[k]! >= threshold);
    expect(counts.truePositives[i]).toBe(called.filter((truth) => truth === 1).length);
    expect(counts.falsePositives[i]).toBe(called.filter((truth) => truth === 0).length);
  }
});

test("neither the order of examples nor a rising function of the scores changes the area", () => {
  const { scores, truths } = drawn(7);
  const mixed = shuffled({ scores, truths }, 1);
  expect(mixed.scores).not.toEqual(scores);
  expect(auroc(mixed.scores, mixed.truths)).toBe(auroc(scores, truths));
  expect(
    auroc(
      scores.map((score) => score ** 3 - 5),
      truths,
    ),
  ).toBe(auroc(scores, truths));
  expect(
    auroc(
      scores.map((score) => -score),
      truths,
    ),
  ).toBeCloseTo(1 - auroc(scores, truths)!, 14);
});

test("infinite scores are scores", () => {
  const scores = [Number.NEGATIVE_INFINITY, 0, Number.POSITIVE_INFINITY];
  expect(auroc(scores, [0, 1, 1])).toBe(1);
  expect([...rocCounts(scores, [0, 1, 1]).thresholds]).toEqual([
    Number.POSITIVE_INFINITY,
    0,
    Number.NEGATIVE_INFINITY,
  ]);
});

test("scores and truths stay as they were", () => {
  const { scores, truths } = drawn(3);
  const before = [scores.slice(), truths.slice()];
  auroc(scores, truths);
  rocCurve(scores, truths);
  expect([scores, truths]).toEqual(before);
});

test.each([
  ["a score that is not a number", [0.5, Number.NaN], [1, 0], { index: 1 }],
  ["a truth between", [0.5, 0.2], [1, 0.5], { index: 1, truth: 0.5 }],
  ["other lengths", [0.5], [1, 0], { scores: 1, length: 2 }],
])("%s is refused", (_, scores, truths, details) => {
  expect(() => auroc(scores, truths)).toThrow(
    expect.objectContaining({ code: "evaluation/bad-input", details }),
  );
});

test("a score that is not a number does no harm where the truth is unknown", () => {
  expect(auroc([0.9, Number.NaN, 0.1], [1, Number.NaN, 0])).toBe(1);
});

test("112,120 scores take well under a second", () => {
  const random = Random.of(5, "many");
  const scores = Float32Array.from({ length: 112_120 }, () => random.next());
  const truths = Float32Array.from({ length: 112_120 }, () => (random.chance(0.1) ? 1 : 0));
  const started = performance.now();
  const area = auroc(scores, truths)!;
  expect(performance.now() - started).toBeLessThan(500);
  expect(Math.abs(area - 0.5)).toBeLessThan(0.02);
});
