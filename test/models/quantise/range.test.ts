import { expect, test } from "vitest";
import { Histogram } from "../../../src/models/quantise/histogram.ts";
import { type Criterion, chooseRange, type Range, STEPS } from "../../../src/models/quantise/range.ts";

function histogramOf(...batches: readonly (readonly number[])[]): Histogram {
  const histogram = new Histogram();
  for (const batch of batches) histogram.add(Float32Array.from(batch), 0, batch.length);
  return histogram;
}

/** Normal numbers, by Box and Muller. */
function normals(length: number): number[] {
  let state = 12345;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
  return Array.from({ length }, () => Math.sqrt(-2 * Math.log(next())) * Math.cos(2 * Math.PI * next()));
}

test("bins widen as numbers come, whatever their order, and no number is lost", () => {
  const [small, large] = [
    [0.001, -0.002, 0, 0.0031],
    [5, -700, 0.25],
  ];
  const [first, second] = [histogramOf(small, large), histogramOf(large, small)];
  expect(first.width).toBe(second.width);
  expect(first.counts).toEqual(second.counts);
  expect([first.size, first.zeros, first.min, first.max]).toEqual([7, 1, -700, 5]);
  expect(first.sum).toBeCloseTo(-694.748, 2);
  // 700 lies in the last half of the bins on its side.
  expect(first.width * 2048).toBe(1024);
  expect(first.counts[Math.floor(-700 / first.width) + 2048]).toBe(1);
});

test("only a part of the data is counted if asked", () => {
  const histogram = new Histogram();
  histogram.add(Float32Array.of(9, 1, 2, 9), 1, 3);
  expect([histogram.size, histogram.min, histogram.max, histogram.sum]).toEqual([2, 1, 2, 3]);
});

test("minmax runs from the smallest to the largest number, or from 0", () => {
  const histogram = histogramOf([-2, 1, 3.1]);
  expect(chooseRange(histogram, "minmax", false)).toEqual({ low: -2, step: (Math.fround(3.1) + 2) / STEPS });
  expect(chooseRange(histogramOf([0, 1, 4]), "minmax", true)).toEqual({ low: 0, step: 4 / STEPS });
});

test.each<Criterion>(["minmax", "mse", "percentile"])(
  "%s: numbers that are all the same still get a step",
  (criterion) => {
    for (const value of [0, 3, -3, 1e-30]) {
      for (const fromZero of value < 0 ? [false] : [true, false]) {
        const { low, step } = chooseRange(histogramOf([value, value]), criterion, fromZero);
        expect(step).toBeGreaterThan(0);
        // The number itself is a code.
        const code = Math.round((value - low) / step);
        expect(code).toBeGreaterThanOrEqual(0);
        expect(code).toBeLessThanOrEqual(STEPS);
        expect(Math.abs(low + code * step - value)).toBeLessThanOrEqual(1e-7 * Math.abs(value));
      }
    }
  },
);

test("mse and percentile cut off a number that is one in a million and far away, and minmax does not", () => {
  const numbers = normals(20_000);
  const outlier = 60;
  const histogram = histogramOf(...Array.from({ length: 50 }, () => numbers), [outlier]);
  const square = ({ low, step }: Range, x: number) =>
    (x - low - Math.max(0, Math.min(STEPS, Math.round((x - low) / step))) * step) ** 2;
  const error = (range: Range) =>
    numbers.reduce((sum, x) => sum + square(range, x), 0) / numbers.length + square(range, outlier) / 1e6;
  const [mse, minmax, percentile] = (["mse", "minmax", "percentile"] as const).map((criterion) =>
    chooseRange(histogram, criterion, false),
  ) as [Range, Range, Range];
  expect(minmax.low + STEPS * minmax.step).toBeCloseTo(outlier, 5);
  expect(error(mse)).toBeLessThan(0.9 * error(minmax));
  expect(percentile.low + STEPS * percentile.step).toBeLessThan(5);
});
