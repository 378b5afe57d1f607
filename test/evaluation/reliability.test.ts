import { expect, test } from "vitest";
import {
  type Binning,
  brierScore,
  expectedCalibrationError,
  reliabilityBins,
  TEN_EQUAL_WIDTHS,
} from "../../src/evaluation/reliability.ts";
import { Random } from "../../src/random.ts";
import { drawn, expectNear, METRICS_CASES, shuffled } from "./cases.ts";

const judged = METRICS_CASES.filter(({ calibration }) => calibration !== null);
const binned = judged.flatMap(({ name, scores, truths, calibration }) =>
  calibration!.map(({ kind, count, bins, ece }) => ({
    name: `${name}, ${count} of ${kind}`,
    scores,
    truths,
    binning: { kind, count },
    bins,
    ece,
  })),
);

test("there are cases of both kinds of bins, with empty ones and with one class alone", () => {
  expect([judged.length, binned.length]).toEqual([17, 17 * 8]);
  expect(judged.map(({ name }) => name)).toEqual(expect.arrayContaining(["no-positive", "no-negative"]));
  for (const kind of ["equal-width", "equal-mass"]) {
    const bins = binned.filter(({ binning }) => binning.kind === kind).flatMap((given) => given.bins);
    expect(bins.some((bin) => bin[0] === 0)).toBe(true);
    expect(bins.some((bin) => bin[0] > 20)).toBe(true);
  }
});

test.each(judged)("the Brier score equals scikit-learn's: $name", ({ scores, truths, brier }) => {
  expectNear(brierScore(scores, truths), brier);
});

test.each(binned)("bins and error equal NumPy's: $name", ({ scores, truths, binning, bins, ece }) => {
  const ours = reliabilityBins(scores, truths, binning);
  expect(ours.map(({ count }) => count)).toEqual(bins.map((bin) => bin[0]));
  for (const [i, { meanProbability, observedShare }] of ours.entries()) {
    expectNear(meanProbability, bins[i]![1]);
    expectNear(observedShare, bins[i]![2]);
  }
  expectNear(expectedCalibrationError(ours), ece);
});

test("where nothing is known, there is no score, and all bins are empty", () => {
  for (const truths of [[], [Number.NaN, Number.NaN]]) {
    const probabilities = truths.map(() => 0.5);
    expect(brierScore(probabilities, truths)).toBeNull();
    const bins = reliabilityBins(probabilities, truths);
    expect(bins).toEqual(new Array(10).fill({ count: 0, meanProbability: null, observedShare: null }));
    expect(expectedCalibrationError(bins)).toBeNull();
  }
});

test("bins are ten of equal width where nothing else is asked for", () => {
  const { scores, truths } = drawn(1);
  expect(TEN_EQUAL_WIDTHS).toEqual({ kind: "equal-width", count: 10 });
  expect(reliabilityBins(scores, truths)).toEqual(reliabilityBins(scores, truths, TEN_EQUAL_WIDTHS));
});

/** The bin that one probability falls into. */
const binOf = (probability: number, count: number): number =>
  reliabilityBins([probability], [1], { kind: "equal-width", count }).findIndex((bin) => bin.count === 1);

test("a bound of equal widths belongs to the bin below it, however products round", () => {
  expect([binOf(0, 10), binOf(1, 10), binOf(Number.MIN_VALUE, 10)]).toEqual([0, 9, 0]);
  expect(0.07 * 100).toBeGreaterThan(7);
  for (const count of [1, 3, 7, 10, 15, 100, 1000]) {
    const bounds = Array.from({ length: count }, (_, k) => (k + 1) / count);
    expect(bounds.map((bound) => binOf(bound, count))).toEqual(bounds.map((_, k) => k));
    const over = bounds.slice(0, -1).map((bound) => binOf(bound * (1 + Number.EPSILON), count));
    expect(over).toEqual(over.map((_, k) => k + 1));
  }
});

test("equal masses hold equally many of distinct probabilities, give or take one", () => {
  const random = Random.of(4, "mass");
  for (const length of [10, 11, 97, 1000]) {
    const probabilities = Float64Array.from({ length }, () => random.next() ** 4);
    const bins = reliabilityBins(probabilities, new Uint8Array(length), { kind: "equal-mass", count: 10 });
    const counts = bins.map(({ count }) => count);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(length);
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
    const means = bins.map(({ meanProbability }) => meanProbability!);
    expect(means).toEqual(means.toSorted((a, b) => a - b));
  }
});

test("equal probabilities share a bin of equal masses", () => {
  const bins = reliabilityBins([0.2, 0.2, 0.2, 0.2, 0.6], [1, 0, 0, 0, 1], { kind: "equal-mass", count: 2 });
  expect(bins).toEqual([
    { count: 4, meanProbability: 0.2, observedShare: 0.25 },
    { count: 1, meanProbability: 0.6, observedShare: 1 },
  ]);
});

test("a constant probability errs by its distance from the prevalence, in whatever bins", () => {
  const truths = [1, 0, 0, 0, Number.NaN];
  for (const kind of ["equal-width", "equal-mass"] as const) {
    for (const count of [1, 2, 10]) {
      const bins = reliabilityBins(new Float64Array(5).fill(0.75), truths, { kind, count });
      expect(expectedCalibrationError(bins)).toBe(0.5);
    }
  }
  expect(brierScore(new Float64Array(5).fill(0.25), truths)).toBe(0.1875);
});

test("certainty that is right scores 0, that is wrong 1", () => {
  for (const [truths, expected] of [
    [[0, 1, 1], 0],
    [[1, 0, 0], 1],
  ] as const) {
    expect(brierScore([0, 1, 1], truths)).toBe(expected);
    expect(expectedCalibrationError(reliabilityBins([0, 1, 1], truths))).toBe(expected);
  }
});

test("the order of examples changes no bit of the bins", () => {
  const given = drawn(8);
  const mixed = shuffled(given, 2);
  expect(mixed.scores).not.toEqual(given.scores);
  for (const kind of ["equal-width", "equal-mass"] as const) {
    const binning: Binning = { kind, count: 6 };
    expect(reliabilityBins(mixed.scores, mixed.truths, binning)).toEqual(
      reliabilityBins(given.scores, given.truths, binning),
    );
  }
  expect(brierScore(mixed.scores, mixed.truths)).toBeCloseTo(brierScore(given.scores, given.truths)!, 14);
});

test("probabilities and truths stay as they were", () => {
  const { scores, truths } = drawn(3);
  const before = [scores.slice(), truths.slice()];
  brierScore(scores, truths);
  reliabilityBins(scores, truths);
  expect([scores, truths]).toEqual(before);
});

test.each([
  ["a probability over 1", [0.5, 1.5], [1, 0], { index: 1, probability: 1.5 }],
  ["a probability below 0", [0.5, 0.5, -0.1], [Number.NaN, 1, 0], { index: 2, probability: -0.1 }],
  ["an infinite probability", [Number.POSITIVE_INFINITY], [1], { index: 0, probability: Infinity }],
  ["one that is not a number", [0.5, Number.NaN], [1, 0], { index: 1 }],
  ["a truth between", [0.5, 0.2], [1, 0.5], { index: 1, truth: 0.5 }],
  ["other lengths", [0.5], [1, 0], { scores: 1, length: 2 }],
])("%s is refused", (_, probabilities, truths, details) => {
  for (const judge of [brierScore, reliabilityBins]) {
    expect(() => judge(probabilities, truths)).toThrow(
      expect.objectContaining({ code: "evaluation/bad-input", details }),
    );
  }
});

test("logits are refused as probabilities", () => {
  const { scores, truths } = METRICS_CASES.find(({ name }) => name === "logits")!;
  expect(() => brierScore(scores, truths)).toThrow(
    "scores cannot be evaluated: number 0 is -7.5, but a probability lies between 0 and 1",
  );
});

test("what is no probability does no harm where the truth is unknown", () => {
  const truths = [1, Number.NaN, Number.NaN, 0];
  const probabilities = [0.5, 7, Number.NaN, 0.5];
  expect(brierScore(probabilities, truths)).toBe(0.25);
  expect(reliabilityBins(probabilities, truths)[4]!.count).toBe(2);
});

test.each([0, -1, 2.5, Number.NaN, Number.POSITIVE_INFINITY])("%s bins are refused", (count) => {
  expect(() => reliabilityBins([0.5], [1], { kind: "equal-width", count })).toThrow(
    expect.objectContaining({ code: "evaluation/bad-bins", details: { count } }),
  );
});

test("112,120 probabilities that mean what they say are found calibrated, well under a second", () => {
  const random = Random.of(6, "calibrated");
  const probabilities = Float32Array.from({ length: 112_120 }, () => random.next());
  const truths = probabilities.map((probability) => (random.chance(probability) ? 1 : 0));
  const started = performance.now();
  const error = expectedCalibrationError(reliabilityBins(probabilities, truths))!;
  const brier = brierScore(probabilities, truths)!;
  expect(performance.now() - started).toBeLessThan(500);
  expect(error).toBeLessThan(0.01);
  // The mean of p(1 − p) over 0 to 1.
  expect(Math.abs(brier - 1 / 6)).toBeLessThan(0.003);
});
