import { expect, test } from "vitest";
import { checkLevel, percentileInterval, wilsonInterval } from "../../src/evaluation/intervals.ts";
import { fixtureJson } from "../fixtures.ts";

interface Case {
  readonly values: number[];
  readonly intervals: Readonly<Record<string, readonly [number, number]>>;
}

const CASES = fixtureJson<{ cases: Case[] }>("intervals/percentiles.json").cases.flatMap(
  ({ values, intervals }) =>
    Object.entries(intervals).map(([level, [low, high]]) => ({
      values: Float64Array.from(values),
      count: values.length,
      level: Number(level),
      low,
      high,
    })),
);

test.each(CASES)(
  "$level of $count values lie between NumPy's percentiles",
  ({ values, level, low, high }) => {
    const interval = percentileInterval(values, level)!;
    expect(interval.low).toBeCloseTo(low, 13);
    expect(interval.high).toBeCloseTo(high, 13);
  },
);

test("missing values take no part, and the others stay in their order", () => {
  const values = Float64Array.of(3, Number.NaN, 1, 2, Number.NaN);
  expect(percentileInterval(values, 0.5)).toEqual({ low: 1.5, high: 2.5 });
  expect([...values]).toEqual([3, Number.NaN, 1, 2, Number.NaN]);
  expect(percentileInterval(Float64Array.of(Number.NaN), 0.5)).toBeNull();
  expect(percentileInterval(new Float64Array(0), 0.5)).toBeNull();
});

test.each([0, 1, -0.5, 95, Number.NaN])("a level of %s is refused", (level) => {
  expect(() => checkLevel(level)).toThrow(
    expect.objectContaining({ code: "evaluation/bad-level", details: { level } }),
  );
});

interface WilsonCase {
  readonly hits: number;
  readonly count: number;
  readonly intervals: Readonly<Record<string, readonly [number, number]>>;
}

test.each(fixtureJson<{ cases: WilsonCase[] }>("intervals/wilson.json").cases)(
  "Wilson's interval of $hits in $count is statsmodels'",
  ({ hits, count, intervals }) => {
    for (const [level, [low, high]] of Object.entries(intervals)) {
      const interval = wilsonInterval(hits, count, Number(level));
      expect(interval.low).toBeCloseTo(low, 12);
      expect(interval.high).toBeCloseTo(high, 12);
    }
  },
);
