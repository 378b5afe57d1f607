import { expect, test } from "vitest";
import { narrowed, rankingOf } from "../../src/evaluation/ranking.ts";
import { Random } from "../../src/random.ts";

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

test.each([
  ["a score that is not a number", [0.5, Number.NaN], [1, 0], { index: 1 }],
  ["a truth between", [0.5, 0.2], [1, 0.5], { index: 1, truth: 0.5 }],
  ["other lengths", [0.5], [1, 0], { scores: 1, length: 2 }],
])("%s is refused", (_, scores, truths, details) => {
  expect(() => rankingOf(scores, truths)).toThrow(
    expect.objectContaining({ code: "evaluation/bad-input", details }),
  );
});

test("narrowed to some examples, a ranking is theirs alone", () => {
  for (let round = 0; round < 30; round++) {
    const random = Random.of(round, "narrowed");
    const scores = Array.from({ length: 40 }, () => random.int(9));
    const truths = scores.map(() => (random.chance(0.1) ? Number.NaN : random.int(2)));
    const isIncluded = scores.map(() => (round === 0 ? 0 : random.int(2)));
    const kept = [...scores.keys()].filter((i) => isIncluded[i] === 1);
    const alone = rankingOf(
      kept.map((i) => scores[i]!),
      kept.map((i) => truths[i]!),
    );
    expect(narrowed(rankingOf(scores, truths), isIncluded)).toEqual({
      ...alone,
      order: alone.order.map((k) => kept[k]!),
    });
  }
});
