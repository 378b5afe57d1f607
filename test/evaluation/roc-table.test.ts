import { expect, test } from "vitest";
import { rocTable, rocTables } from "../../src/evaluation/roc-table.ts";
import { rocAt } from "../../src/models/card-roc.ts";
import { Random } from "../../src/random.ts";
import { METRICS_CASES } from "./cases.ts";

const isShare = (score: number) => score >= 0 && score <= 1;
const cases = METRICS_CASES.filter(({ curve, scores }) => curve !== null && scores.every(isShare));

/** scikit-learn's curve at a threshold: the last point whose threshold is at least this one. */
function expectedAt({ curve }: (typeof cases)[number], threshold: number) {
  const { thresholds, tpr, fpr } = curve!;
  const called = thresholds.filter((one) => Math.fround(one) >= Math.fround(threshold)).length;
  return { sensitivity: tpr[called]!, specificity: 1 - fpr[called]! };
}

test("there are cases whose scores are probabilities", () => {
  expect(cases.length).toBeGreaterThanOrEqual(8);
});

test.each(cases)("each point is on scikit-learn's curve: $name", (one) => {
  const { thresholds, sensitivity, specificity } = rocTable(one.scores, one.truths)!;
  expect(thresholds.length).toBeLessThanOrEqual(65);
  for (const [i, threshold] of thresholds.entries()) {
    const expected = expectedAt(one, threshold);
    expect(Math.abs(sensitivity[i]! - expected.sensitivity)).toBeLessThan(0.5001e-4);
    expect(Math.abs(specificity[i]! - expected.specificity)).toBeLessThan(0.5001e-4);
  }
});

/** Scores of a good model whose probabilities are spread like a real one's: logits are normal, and most are far below 0. */
function drawnScores(seed: number, size: number, prevalence: number, distance: number, centre: number) {
  const random = Random.of(seed);
  const truths = Float32Array.from({ length: size }, () => (random.next() < prevalence ? 1 : 0));
  const scores = Float32Array.from(truths, (truth) => {
    return 1 / (1 + Math.exp(-(centre + distance * truth + random.normal())));
  });
  return { scores, truths };
}

/** The share of scores at or over a threshold. */
function shareCalled(scores: Float32Array, threshold: number): number {
  const least = Math.fround(threshold);
  let called = 0;
  for (const score of scores) if (score >= least) called++;
  return called / scores.length;
}

test.each([
  { name: "common", seed: 1, size: 4000, prevalence: 0.3, distance: 2, centre: -1 },
  { name: "rare", seed: 2, size: 4000, prevalence: 0.01, distance: 2, centre: -5 },
  { name: "nearly perfect", seed: 3, size: 2000, prevalence: 0.1, distance: 14, centre: -8 },
  { name: "few", seed: 4, size: 60, prevalence: 0.4, distance: 1, centre: 0 },
])(
  "lines between the points are within 0.01 or one image at any threshold of four digits: $name",
  (drawn) => {
    const { scores, truths } = drawnScores(
      drawn.seed,
      drawn.size,
      drawn.prevalence,
      drawn.distance,
      drawn.centre,
    );
    const table = rocTable(scores, truths)!;
    const [positives, negatives] = [1, 0].map((truth) => scores.filter((_, i) => truths[i] === truth));
    const steps = Array.from({ length: 1001 }, (_, i) => i / 1000);
    const small = Array.from({ length: 400 }, (_, i) => Number((10 ** -(i / 80)).toPrecision(4)));
    for (const threshold of [...steps, ...small]) {
      const read = rocAt(table, threshold);
      const hits = shareCalled(positives!, threshold);
      const misses = shareCalled(negatives!, threshold);
      const bound = (count: number) => Math.max(0.01, 1 / count) + 1e-9;
      expect(Math.abs(read.sensitivity - hits), `${threshold}`).toBeLessThanOrEqual(bound(table.positives));
      expect(Math.abs(read.specificity - (1 - misses)), `${threshold}`).toBeLessThanOrEqual(
        bound(table.negatives),
      );
    }
    expect(table.thresholds.length).toBeLessThan(65);
  },
);

test("four examples by hand", () => {
  const { thresholds, ...table } = rocTable([0.9, 0.8, 0.4, 0.1], [1, 0, 1, 0])!;
  expect(table).toMatchObject({ positives: 2, negatives: 2 });
  expect(rocAt({ thresholds, ...table }, 0)).toEqual({ sensitivity: 1, specificity: 0 });
  expect(rocAt({ thresholds, ...table }, 1)).toEqual({ sensitivity: 0, specificity: 1 });
});

test("unknown truths take no part, and a label of one class has no table", () => {
  const probabilities = [0.9, 0.2, 0.6, 0.4];
  const findings = rocTables([
    { label: "known", probabilities, truths: [1, 0, Number.NaN, 0] },
    { label: "positives only", probabilities, truths: [1, 1, Number.NaN, 1] },
    { label: "unknown", probabilities, truths: probabilities.map(() => Number.NaN) },
  ]);
  expect(Object.keys(findings)).toEqual(["known"]);
  expect(findings.known).toMatchObject({ positives: 1, negatives: 2 });
});

test("fourteen tables of the longest form take less than 25 KB", () => {
  const random = Random.of(5);
  const longest = Array.from({ length: 65 }, () => Math.round(random.next() * 1e4) / 1e4);
  const table = {
    positives: 10000,
    negatives: 90000,
    thresholds: longest,
    sensitivity: longest,
    specificity: longest,
  };
  const all = Object.fromEntries(Array.from({ length: 14 }, (_, i) => [`Pleural_Thickening ${i}`, table]));
  expect(JSON.stringify(all).length).toBeLessThan(25_000);
});
