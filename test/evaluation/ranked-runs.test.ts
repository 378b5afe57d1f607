import { expect, test } from "vitest";
import { confusionAt } from "../../src/evaluation/confusion.ts";
import { FIGURES, LANES, rankedRuns, walkDown, widthOf } from "../../src/evaluation/ranked-runs.ts";
import { rankingOf } from "../../src/evaluation/ranking.ts";
import { auroc } from "../../src/evaluation/roc.ts";
import { Random } from "../../src/random.ts";
import { fixtureJson } from "../fixtures.ts";
import { METRICS_CASES } from "./cases.ts";
import { weightedFigures } from "./weighted-figures.ts";

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
const figuresOf = (scores: ArrayLike<number>, truths: ArrayLike<number>, weights: Float64Array) =>
  weightedFigures(rankedRuns(rankingOf(scores, truths)), weights);

test("there are cases of every kind of scores and of weights", () => {
  expect(CASES.length).toBe(20);
});

test.each(CASES)(
  "weighted figures equal scikit-learn's: $name",
  ({ scores, truths, weights, ...expected }) => {
    const figures = figuresOf(scores, truthsOf(truths), Float64Array.from(weights))!;
    expect(Math.abs(figures.auroc - expected.auroc)).toBeLessThan(1e-12);
    expect(Math.abs(figures.averagePrecision - expected.averagePrecision)).toBeLessThan(1e-12);
  },
);

test.each(METRICS_CASES)("with weights of 1, the area is the plain one: $name", ({ scores, truths }) => {
  const figures = figuresOf(scores, truths, ones(scores.length));
  expect(figures?.auroc ?? null).toBe(auroc(scores, truths));
});

test("an example of weight k counts as k examples, and one of weight 0 as none", () => {
  const random = Random.of(4, "ranking");
  for (let round = 0; round < 50; round++) {
    const scores = Array.from({ length: 30 }, () => random.int(9));
    const truths = Array.from({ length: 30 }, () => random.int(2));
    const weights = Float64Array.from({ length: 30 }, () => random.int(4));
    const repeat = (values: number[]) => values.flatMap((value, i) => new Array(weights[i]!).fill(value));
    const [many, known] = [repeat(scores), repeat(truths)];
    expect(figuresOf(scores, truths, weights)).toEqual(figuresOf(many, known, ones(many.length)));
  }
});

test("a class without weight has no figures", () => {
  const runs = rankedRuns(rankingOf([3, 2, 1], [1, 0, 0]));
  expect(weightedFigures(runs, Float64Array.of(0, 1, 1))).toBeNull();
  expect(weightedFigures(runs, Float64Array.of(1, 0, 0))).toBeNull();
  expect(weightedFigures(runs, Float64Array.of(1, 0, 2))).toEqual({ auroc: 1, averagePrecision: 1 });
  expect(figuresOf([], [], ones(0))).toBeNull();
});

/** Scores of few values, truths of which some are unknown, and small whole weights. */
function drawn(round: number, length = 60) {
  const random = Random.of(round, "ranked runs");
  return {
    scores: Float32Array.from({ length }, () => random.int(12) / 10),
    truths: Float64Array.from({ length }, () => (random.chance(0.1) ? Number.NaN : random.int(2))),
    weights: Array.from({ length: LANES }, () => Float64Array.from({ length }, () => random.int(5))),
  };
}

test("replicates that share a number come out as each would alone, to the last bit", () => {
  for (let round = 0; round < 20; round++) {
    const { scores, truths, weights } = drawn(round);
    const runs = rankedRuns(rankingOf(scores, truths), { scores, thresholds: [0.3, 0.7] });
    const width = widthOf(runs);
    const packed = weights[0]!.map((_, i) =>
      weights.reduce((sum, one, lane) => sum + one[i]! * 2 ** (17 * lane), 0),
    );
    const together = new Float64Array(LANES * width);
    walkDown(runs, packed, 17, together);
    for (const [lane, one] of weights.entries()) {
      const alone = new Float64Array(LANES * width);
      walkDown(runs, one, 53, alone);
      expect(together.slice(lane * width, (lane + 1) * width)).toEqual(alone.slice(0, width));
    }
  }
});

test("what is counted at a mark is the confusion at its threshold, each example as often as its weight says", () => {
  // 0.3 as float32 is no 0.3: thresholds are rounded as scores are.
  const thresholds = [0.3, 0, 2, -1, 0.75, 1.1];
  for (let round = 0; round < 20; round++) {
    const { scores, truths, weights } = drawn(round);
    const runs = rankedRuns(rankingOf(scores, truths), { scores, thresholds });
    const figures = new Float64Array(LANES * widthOf(runs));
    walkDown(runs, weights[0]!, 53, figures);
    const indices = [...scores.keys()].flatMap((i) => new Array<number>(weights[0]![i]!).fill(i));
    const repeated = {
      scores: Float32Array.from(indices, (i) => scores[i]!),
      truths: Float64Array.from(indices, (i) => truths[i]!),
    };
    for (const [m, threshold] of thresholds.entries()) {
      const { truePositives, falsePositives } = confusionAt(repeated.scores, repeated.truths, threshold);
      expect([...figures.slice(FIGURES.marks + 2 * m, FIGURES.marks + 2 * m + 2)]).toEqual([
        truePositives,
        falsePositives,
      ]);
    }
  }
});
