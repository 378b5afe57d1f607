import { expect, test } from "vitest";
import { normalCdf, normalQuantile } from "../../src/evaluation/normal.ts";
import { fixtureJson } from "../fixtures.ts";

const EXACT = fixtureJson<{ x: number[]; cdf: number[]; p: number[]; quantile: number[] }>(
  "intervals/normal.json",
);

test("the distribution function has 14 digits, of a small tail too", () => {
  expect(EXACT.x.length).toBe(31);
  for (const [i, x] of EXACT.x.entries()) {
    expect(Math.abs(normalCdf(x) / EXACT.cdf[i]! - 1), `Φ(${x})`).toBeLessThan(1e-14);
  }
});

test("quantiles have 15 digits", () => {
  expect(EXACT.p.length).toBe(24);
  for (const [i, p] of EXACT.p.entries()) {
    const expected = EXACT.quantile[i]!;
    expect(Math.abs(normalQuantile(p) - expected), `Φ⁻¹(${p})`).toBeLessThanOrEqual(
      1e-14 * Math.abs(expected),
    );
  }
});

test("each is the other's inverse", () => {
  for (let p = 0.0005; p < 1; p += 0.0005) expect(normalCdf(normalQuantile(p))).toBeCloseTo(p, 14);
});

test("the ends are the ends", () => {
  expect([Number.NEGATIVE_INFINITY, -60, 0, 60, Number.POSITIVE_INFINITY].map(normalCdf)).toEqual([
    0, 0, 0.5, 1, 1,
  ]);
  expect([0, 0.5, 1].map(normalQuantile)).toEqual([Number.NEGATIVE_INFINITY, 0, Number.POSITIVE_INFINITY]);
  expect([-0.1, 1.1, Number.NaN].map(normalQuantile)).toEqual([Number.NaN, Number.NaN, Number.NaN]);
  expect(normalCdf(Number.NaN)).toBeNaN();
});
