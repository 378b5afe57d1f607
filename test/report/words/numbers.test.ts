import { expect, test } from "vitest";
import { duration, short, tickFormat } from "../../../src/report/words/numbers.ts";

test.each([
  [0.0312, "0.031 s"],
  [45.4, "45 s"],
  [720, "12 min"],
  [11_100, "3 h 5 min"],
])("%d seconds are %s", (seconds, words) => {
  expect(duration(seconds)).toBe(words);
});

test.each([
  [0.125, "0.125"],
  [0, "0"],
  [1e-5, "1e-5"],
  [0.000954915, "9.5e-4"],
  [10_000, "10000"],
])("%d is %s in short", (value, words) => {
  expect(short(value)).toBe(words);
});

test("ticks share their decimals", () => {
  expect([0.15, 0.2, 0.25].map(tickFormat([0.15, 0.2, 0.25]))).toEqual(["0.15", "0.20", "0.25"]);
  expect([0, 1e-3].map(tickFormat([0, 1e-3]))).toEqual(["0", "1e-3"]);
});
