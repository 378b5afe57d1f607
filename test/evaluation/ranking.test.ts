import { expect, test } from "vitest";
import { rankingOf, weightedFigures } from "../../src/evaluation/ranking.ts";
import { auroc } from "../../src/evaluation/roc.ts";
import { Random } from "../../src/random.ts";
import { fixtureJson } from "../fixtures.ts";
import { METRICS_CASES } from "./cases.ts";

interface Case {
  readonly name: string;
  readonly scores: number[];
  readonly truths: (number | null)[];
  readonly weights: number[];
  readonly auroc: number;
  readonly averagePrecision: number;
}

const CASES = fixtureJson<{ cases: Case[] }>("intervals/weighted.json").cases;
const truthsOf = (written: readonly (number | null)[]) =>
  Float32Array.from(written, (truth) => truth ?? Number.NaN);
const ones = (count: number) => new Float64Array(count).fill(1);

test("there are cases of every kind of scores and of weights", () => {
  expect(CASES.length).toBe(20);
});

test.each(CASES)(
  "weighted figures equal scikit-learn's: $name",
  ({ scores, truths, weights, ...expected }) => {
    const figures = weightedFigures(rankingOf(scores, truthsOf(truths)), Float64Array.from(weights))!;
    expect(Math.abs(figures.auroc - expected.auroc)).toBeLessThan(1e-12);
    expect(Math.abs(figures.averagePrecision - expected.averagePrecision)).toBeLessThan(1e-12);
  },
);

test.each(METRICS_CASES)("with weights of 1, the area is the plain one: $name", ({ scores, truths }) => {
  const figures = weightedFigures(rankingOf(scores, truths), ones(scores.length));
  expect(figures?.auroc ?? null).toBe(auroc(scores, truths));
});

test("an example of weight k counts as k examples, and one of weight 0 as none", () => {
  const random = Random.of(4, "ranking");
  for (let round = 0; round < 50; round++) {
    const scores = Array.from({ length: 30 }, () => random.int(9));
    const truths = Array.from({ length: 30 }, () => random.int(2));
    const weights = Float64Array.from({ length: 30 }, () => random.int(4));
    const repeat = (values: number[]) => values.flatMap((value, i) => new Array(weights[i]!).fill(value));
    const repeated = rankingOf(repeat(scores), repeat(truths));
    expect(weightedFigures(rankingOf(scores, truths), weights)).toEqual(
      weightedFigures(repeated, ones(repeated.order.length)),
    );
  }
});

test("a ranking falls, and its groups end where scores change", () => {
  const scores = [0, Number.POSITIVE_INFINITY, 5, -0, Number.POSITIVE_INFINITY, 7, Number.NaN];
  const ranking = rankingOf(scores, [1, 0, Number.NaN, 0, 1, 1, Number.NaN]);
  expect([...ranking.order].map((i) => scores[i])).toEqual([
    Number.POSITIVE_INFINITY,
    Number.POSITIVE_INFINITY,
    7,
    0,
    -0,
  ]);
  expect([...ranking.endsGroup]).toEqual([0, 1, 1, 0, 1]);
  expect([ranking.positives, ranking.negatives]).toEqual([3, 2]);
});

test("a class without weight has no figures", () => {
  const ranking = rankingOf([3, 2, 1], [1, 0, 0]);
  expect(weightedFigures(ranking, Float64Array.of(0, 1, 1))).toBeNull();
  expect(weightedFigures(ranking, Float64Array.of(1, 0, 0))).toBeNull();
  expect(weightedFigures(ranking, Float64Array.of(1, 0, 2))).toEqual({ auroc: 1, averagePrecision: 1 });
  expect(weightedFigures(rankingOf([], []), new Float64Array(0))).toBeNull();
});

test.each([
  ["a score that is not a number", [0.5, Number.NaN], [1, 0], { index: 1 }],
  ["a truth between", [0.5, 0.2], [1, 0.5], { index: 1, truth: 0.5 }],
  ["other lengths", [0.5], [1, 0], { scores: 1, length: 2 }],
])("%s is refused", (_, scores, truths, details) => {
  expect(() => rankingOf(scores, truths)).toThrow(
    expect.objectContaining({ code: "evaluation/bad-input", details }),
  );
});
