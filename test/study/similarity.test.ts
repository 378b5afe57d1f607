import { expect, test } from "vitest";
import { rankCorrelation, sharedTenth } from "../../scripts/study/similarity.ts";
import { fixtureJson } from "../fixtures.ts";

interface Case {
  readonly name: string;
  readonly a: number[];
  readonly b: number[];
  readonly correlation: number;
  readonly shared: number;
}

const CASES = fixtureJson<Case[]>("study/likeness.json");

test.each(CASES)("maps are as alike as SciPy says: $name", ({ a, b, correlation, shared }) => {
  expect(rankCorrelation(a, b)).toBeCloseTo(correlation, 12);
  expect(sharedTenth(a, b)).toBeCloseTo(shared, 12);
});
