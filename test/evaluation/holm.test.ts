import { expect, test } from "vitest";
import { holmAdjusted } from "../../src/evaluation/holm.ts";
import { fixtureJson } from "../fixtures.ts";

interface Case {
  readonly values: number[];
  readonly adjusted: number[];
}

test.each(fixtureJson<{ cases: Case[] }>("intervals/holm.json").cases)(
  "adjusted p values are statsmodels': $values",
  ({ values, adjusted }) => {
    for (const [i, p] of holmAdjusted(values).entries()) expect(p).toBeCloseTo(adjusted[i]!, 14);
  },
);

test("a test without a p takes no part", () => {
  expect(holmAdjusted([0.03, null, 0.01])).toEqual([0.03, null, 0.02]);
  expect(holmAdjusted([])).toEqual([]);
});
