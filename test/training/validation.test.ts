import { expect, test } from "vitest";
import { columnsOf, judge } from "../../src/training/validation.ts";
import { fixtureJson } from "../fixtures.ts";
import { numbers } from "../support/run-graph.ts";

const NONE = Number.NaN;
const f32 = (...values: number[]) => Float32Array.of(...values);

interface LossRow {
  readonly n: number;
  readonly labels: number;
  readonly span: number;
  readonly weighed: boolean;
  readonly loss: number;
}

test.each(fixtureJson<LossRow[]>("gradients/loss.json"))(
  "the loss is PyTorch's: $n×$labels logits within ±$span, positives weighed: $weighed",
  ({ n, labels, span, weighed, loss }) => {
    // The tensors of scripts/reference/gradients.py; what is not known there is NaN here.
    const shape = [n, labels];
    const known = numbers(shape, 3).data;
    const truths = numbers(shape, 2).data.map((value, i) => {
      if (!(known[i]! > -3 && known[i]! < 1)) return NONE;
      return value > 0 && value < 2 ? 1 : 0;
    });
    const posWeight = weighed ? numbers([labels], 4, 0.5, 6).data : undefined;
    const judged = judge(numbers(shape, 1, -span, span).data, truths, labels, posWeight);
    expect(Math.abs(judged.loss / loss - 1)).toBeLessThan(1e-6);
  },
);

test("the loss of logits far out is a number", () => {
  expect(judge(f32(200, -200), f32(0, 1), 1).loss).toBe(200);
  expect(judge(f32(200, -200), f32(1, 0), 1).loss).toBeLessThan(1e-80);
  expect(judge(f32(1e30), f32(0), 1).loss).toBe(Math.fround(1e30));
});

test("the mean AUROC is over the labels that have both; of the others it is null", () => {
  // Column 0 is fixtures/metrics/logits.json; 1 has no positive; 2 is perfect, and known for two images.
  const { scores, truths, auroc } = fixtureJson<{ scores: number[]; truths: number[]; auroc: number }>(
    "metrics/logits.json",
  );
  const logits = scores.flatMap((score, i) => [score, i, -i]);
  const labels = scores.flatMap((_, i) => [truths[i]!, i === 2 ? NONE : 0, [1, NONE, NONE, 0, NONE][i]!]);
  const judged = judge(Float32Array.from(logits), Float32Array.from(labels), 3);
  expect(judged.aurocs).toEqual([auroc, null, 1]);
  expect(judged.auroc).toBe((auroc + 1) / 2);
});

test("logits whose probabilities are all rounded to 1 are still ranked", () => {
  expect(judge(f32(50, 60, 40, 70), f32(0, 1, 0, 1), 1).aurocs).toEqual([1]);
});

test("where no label can be told, so it is said; where nothing is known, the loss is 0", () => {
  expect(judge(f32(1, 2), f32(1, 1), 1)).toMatchObject({ auroc: null, aurocs: [null] });
  expect(judge(f32(1, 2), f32(NONE, NONE), 1)).toEqual({ loss: 0, auroc: null, aurocs: [null] });
  expect(judge(f32(), f32(), 2)).toEqual({ loss: 0, auroc: null, aurocs: [null, null] });
});

test("columns are probabilities and truths label by label", () => {
  const columns = columnsOf(f32(0, 2, -2, 0), f32(1, NONE, 0, 1), 2);
  const sigmoid2 = Math.fround(1 / (1 + Math.exp(-2)));
  expect(columns).toEqual([
    { probabilities: f32(0.5, 1 / (1 + Math.exp(2))), truths: f32(1, 0) },
    { probabilities: f32(sigmoid2, 0.5), truths: f32(NONE, 1) },
  ]);
});
