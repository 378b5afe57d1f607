import { expect, test } from "vitest";
import { type EpochMetrics, metricsText } from "../../src/training/metrics.ts";

const EPOCHS: readonly EpochMetrics[] = [
  { epoch: 1, train_loss: 0.2, val_loss: 0.19, val_auroc: 0.7, lr: 1e-3, seconds: 12.5 },
  { epoch: 2, train_loss: 0.15, val_loss: null, val_auroc: null, lr: 1e-4, seconds: 11 },
];
const TEXT = metricsText(EPOCHS);

test("a line of JSON for each epoch", () => {
  expect(TEXT.split("\n")[0]).toBe(
    '{"epoch":1,"train_loss":0.2,"val_loss":0.19,"val_auroc":0.7,"lr":0.001,"seconds":12.5}',
  );
  const lines = TEXT.trimEnd().split("\n");
  expect(lines.map((line) => JSON.parse(line))).toEqual(EPOCHS);
  expect(metricsText([])).toBe("");
});
