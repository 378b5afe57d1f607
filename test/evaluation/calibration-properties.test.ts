import { expect, test } from "vitest";
import { type CalibrationKind, calibrate } from "../../src/calibration/calibration.ts";
import { fitCalibration } from "../../src/evaluation/fit-calibration.ts";
import { fitIsotonic } from "../../src/evaluation/isotonic.ts";
import { fitPlatt } from "../../src/evaluation/platt.ts";
import { auroc } from "../../src/evaluation/roc.ts";
import { fitTemperature } from "../../src/evaluation/temperature.ts";
import { Random } from "../../src/random.ts";

const KINDS: readonly CalibrationKind[] = ["temperature", "platt", "isotonic"];

/** Logits that say too much about their truths, a tenth of which are unknown; every fourth draw is coarse. */
function drawn(seed: number, count = 120) {
  const random = Random.of(seed, "calibration");
  const prevalence = random.uniform(0.1, 0.6);
  const [scale, shift] = [random.uniform(0.5, 5), random.uniform(-1, 0.5)];
  const grain = seed % 4 === 0 ? 1 : 1e-9;
  const truths = Float32Array.from({ length: count }, () => (random.chance(prevalence) ? 1 : 0));
  const logits = Float64Array.from(truths, (truth) => {
    const logit = scale * (random.normal() + 1.5 * truth - 0.75 + shift);
    return Math.round(logit / grain) * grain;
  });
  for (let i = 0; i < count; i++) if (random.chance(0.1)) truths[i] = Number.NaN;
  return { logits, truths };
}

const SEEDS = Array.from({ length: 40 }, (_, seed) => seed);
const sigmoids = (logits: Float64Array) => logits.map((logit) => 1 / (1 + Math.exp(-logit)));

/** Summed binary cross-entropy of known truths. A certain answer costs nothing where it is right. */
function logLoss(probabilities: ArrayLike<number>, truths: ArrayLike<number>): number {
  let loss = 0;
  for (let i = 0; i < truths.length; i++) {
    if (truths[i] === 1) loss -= Math.log(probabilities[i]!);
    if (truths[i] === 0) loss -= Math.log1p(-probabilities[i]!);
  }
  return loss;
}

test("on the data that it was fitted on, no calibration has a higher log loss than the plain sigmoid", () => {
  for (const seed of SEEDS) {
    const { logits, truths } = drawn(seed);
    const before = logLoss(sigmoids(logits), truths);
    const after = [fitTemperature(logits, truths), fitIsotonic(logits, truths)].map((fitted) =>
      logLoss(calibrate(fitted!, logits), truths),
    );
    const platt = logLoss(calibrate(fitPlatt(logits, truths, "plain")!, logits), truths);
    expect(Math.max(...after, platt)).toBeLessThan(before);
    // Both have the other's freedom and more: a slope with an intercept, and all rising functions.
    expect(platt).toBeLessThanOrEqual(after[0]! + 1e-9);
    expect(after[1]).toBeLessThanOrEqual(platt + 1e-9);
  }
});

test("nothing near a fitted temperature, slope or intercept has a lower loss", () => {
  for (const seed of SEEDS) {
    const { logits, truths } = drawn(seed);
    const loss = (slope: number, intercept: number) =>
      logLoss(sigmoids(logits.map((logit) => slope * logit + intercept)), truths);
    const { temperature } = fitTemperature(logits, truths)!;
    const { slope, intercept } = fitPlatt(logits, truths, "plain")!;
    for (const step of [-1e-3, 1e-3]) {
      expect(loss((1 + step) / temperature, 0)).toBeGreaterThan(loss(1 / temperature, 0));
      expect(loss(slope + step, intercept)).toBeGreaterThan(loss(slope, intercept));
      expect(loss(slope, intercept + step)).toBeGreaterThan(loss(slope, intercept));
    }
  }
});

test("after Platt's and isotonic calibration as many are expected as are there", () => {
  for (const seed of SEEDS) {
    const { logits, truths } = drawn(seed);
    const sums = [
      fitPlatt(logits, truths, "plain"),
      fitPlatt(logits, truths),
      fitIsotonic(logits, truths),
    ].map((fitted) => calibrate(fitted!, logits).reduce((sum, p, i) => sum + (truths[i]! >= 0 ? p : 0), 0));
    const there = truths.reduce((sum, truth) => sum + (truth === 1 ? 1 : 0), 0);
    expect(sums[0]).toBeCloseTo(there, 8);
    expect(Math.abs(sums[1]! - there)).toBeLessThan(1);
    expect(sums[2]).toBeCloseTo(there, 8);
  }
});

test("temperature and a rising slope keep the ranks and so the area under the ROC curve", () => {
  for (const seed of SEEDS) {
    const { logits, truths } = drawn(seed);
    const order = Uint32Array.from(logits.keys()).sort((a, b) => logits[a]! - logits[b]!);
    for (const kind of ["temperature", "platt"] as const) {
      const probabilities = calibrate(fitCalibration(kind, logits, truths)!, logits);
      expect(auroc(probabilities, truths)).toBe(auroc(logits, truths));
      const rises = (values: Float64Array) =>
        Array.from(order, (at, i) => i === 0 || values[at]! > values[order[i - 1]!]!);
      expect(rises(probabilities)).toEqual(rises(logits));
      const isSorted = order.every((at, i) => i === 0 || probabilities[at]! >= probabilities[order[i - 1]!]!);
      expect(isSorted).toBe(true);
    }
  }
});

test.each(KINDS)(
  "probabilities lie in 0 to 1 and never fall, even between neighbouring doubles: %s",
  (kind) => {
    for (const seed of SEEDS) {
      const { logits, truths } = drawn(seed);
      const fitted = fitCalibration(kind, logits, truths)!;
      const points = [...logits].flatMap((logit) => [-2, -1, 0, 1, 2].map((k) => logit * (1 + k * 2 ** -52)));
      const ends = [1e3, 1e6, 1e300, Number.POSITIVE_INFINITY].flatMap((end) => [-end, end]);
      const probabilities = calibrate(fitted, Float64Array.from([...points, ...ends]).sort());
      const isWrong = (p: number, i: number) => !(p >= (i === 0 ? 0 : probabilities[i - 1]!) && p <= 1);
      expect(probabilities.findIndex(isWrong)).toBe(-1);
    }
  },
);

test("isotonic regression is the largest of the smallest means over stretches of scores", () => {
  for (let seed = 0; seed < 20; seed++) {
    const { logits, truths } = drawn(seed, 40);
    const fitted = fitIsotonic(logits, truths)!;
    const known = [...logits.keys()].filter((i) => truths[i]! >= 0);
    const levels = [...new Set(known.map((i) => logits[i]!))].sort((a, b) => a - b);
    const mean = (from: number, to: number) => {
      const within = known.filter((i) => logits[i]! >= levels[from]! && logits[i]! <= levels[to]!);
      return within.reduce((sum, i) => sum + truths[i]!, 0) / within.length;
    };
    // Barlow et al., 1972: max over j ≤ i of min over k ≥ i of the mean of j … k.
    const smallest = (from: number, i: number) =>
      Math.min(...levels.slice(i).map((_, k) => mean(from, i + k)));
    const expected = levels.map((_, i) => Math.max(...levels.slice(0, i + 1).map((_, j) => smallest(j, i))));
    for (const [i, p] of calibrate(fitted, levels).entries()) expect(p).toBeCloseTo(expected[i]!, 14);
  }
});

test.each(KINDS)("the order of examples changes no bit, and unknown ones change nothing: %s", (kind) => {
  for (const seed of SEEDS) {
    const { logits, truths } = drawn(seed);
    const fitted = fitCalibration(kind, logits, truths);
    const order = Random.of(seed).permutation(logits.length);
    const [l, t] = [order, order].map((_, k) => Float64Array.from(order, (i) => [logits, truths][k]![i]!));
    expect(fitCalibration(kind, l!, t!)).toEqual(fitted);
    expect(fitCalibration(kind, [...logits, 99, Number.NaN], [...truths, Number.NaN, Number.NaN])).toEqual(
      fitted,
    );
  }
});

test("a temperature follows the logits' scale, and a slope and intercept their scale and place", () => {
  for (const seed of SEEDS) {
    const { logits, truths } = drawn(seed);
    const { temperature } = fitTemperature(logits, truths)!;
    const scaled = fitTemperature(
      logits.map((logit) => logit * 1000),
      truths,
    )!;
    expect(scaled.temperature / temperature / 1000).toBeCloseTo(1, 10);
    const { slope, intercept } = fitPlatt(logits, truths)!;
    const moved = fitPlatt(
      logits.map((logit) => logit / 50 + 3),
      truths,
    )!;
    expect(moved.slope / slope / 50).toBeCloseTo(1, 9);
    expect(moved.intercept + 150 * slope).toBeCloseTo(intercept, 7);
  }
});

test.each(KINDS)("logits and truths stay as they were: %s", (kind) => {
  const { logits, truths } = drawn(3);
  const before = [logits.slice(), truths.slice()];
  calibrate(fitCalibration(kind, logits, truths)!, logits);
  expect([logits, truths]).toEqual(before);
});

test.each(KINDS)("112,120 examples are fitted and calibrated in well under a second: %s", (kind) => {
  const { logits, truths } = drawn(5, 112_120);
  const started = performance.now();
  const probabilities = calibrate(fitCalibration(kind, logits, truths)!, logits);
  expect(performance.now() - started).toBeLessThan(1000);
  expect(logLoss(probabilities, truths)).toBeLessThan(logLoss(sigmoids(logits), truths));
});
