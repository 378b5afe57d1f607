import { expect, test } from "vitest";
import { calibrate } from "../../src/calibration/calibration.ts";
import { fitCalibration } from "../../src/evaluation/fit-calibration.ts";
import { fitPlatt } from "../../src/evaluation/platt.ts";
import { CALIBRATION_CASES } from "./calibration-cases.ts";

const CASES = CALIBRATION_CASES;

test("there are cases with and without each calibration", () => {
  const count = (key: "temperature" | "smoothed" | "plain" | "isotonic") =>
    CASES.filter((one) => one[key] !== null).length;
  expect([CASES.length, count("temperature"), count("smoothed"), count("plain"), count("isotonic")]).toEqual([
    25, 14, 21, 15, 21,
  ]);
});

/** The largest of |a − b| / max(1, |b|): relative for what is large, absolute for what is small. */
function apart(ours: ArrayLike<number>, theirs: readonly number[]): number {
  expect(ours.length).toBe(theirs.length);
  return Math.max(0, ...theirs.map((b, i) => Math.abs(ours[i]! - b) / Math.max(1, Math.abs(b))));
}

const relative = (ours: number, theirs: number) => Math.abs(ours / theirs - 1);

test.each(CASES)("the temperature is SciPy's: $name", ({ logits, truths, probes, temperature: expected }) => {
  const fitted = fitCalibration("temperature", logits, truths);
  if (fitted?.kind !== "temperature" || expected === null) {
    expect(fitted).toBe(expected);
    return;
  }
  expect(relative(fitted.temperature, expected.temperature)).toBeLessThan(1e-10);
  expect(apart(calibrate(fitted, probes), expected.probabilities)).toBeLessThan(1e-10);
});

test.each(["smoothed", "plain"] as const)("slope and intercept are SciPy's with %s targets", (targets) => {
  for (const { name, logits, truths, probes, [targets]: expected } of CASES) {
    const fitted = fitPlatt(logits, truths, targets);
    if (fitted === null || expected === null) {
      expect(fitted, name).toBe(expected);
      continue;
    }
    expect(relative(fitted.slope, expected.slope), name).toBeLessThan(1e-9);
    expect(apart([fitted.intercept], [expected.intercept]), name).toBeLessThan(1e-9);
    expect(apart(calibrate(fitted, probes), expected.probabilities), name).toBeLessThan(1e-10);
  }
});

test.each(CASES)(
  "isotonic regression is scikit-learn's: $name",
  ({ logits, truths, probes, isotonic: expected }) => {
    const fitted = fitCalibration("isotonic", logits, truths);
    if (fitted?.kind !== "isotonic" || expected === null) {
      expect(fitted).toBe(expected);
      return;
    }
    expect(fitted.breakpoints.map(([score]) => score)).toEqual(expected.scores);
    expect(
      apart(
        fitted.breakpoints.map(([, p]) => p),
        expected.values,
      ),
    ).toBeLessThan(1e-14);
    expect(apart(calibrate(fitted, probes), expected.probabilities)).toBeLessThan(1e-12);
  },
);

test("Platt's calibration has smoothed targets unless told otherwise", () => {
  const { logits, truths } = CASES.find(({ name }) => name === "random")!;
  const smoothed = fitPlatt(logits, truths, "smoothed");
  expect(fitCalibration("platt", logits, truths)).toEqual(smoothed);
  expect(fitPlatt(logits, truths)).toEqual(smoothed);
  expect(fitPlatt(logits, truths, "plain")).not.toEqual(smoothed);
});
