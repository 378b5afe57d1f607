import { expect, test } from "vitest";
import { type EpochMetrics, metricsText, parseMetrics } from "../../src/training/metrics.ts";

const EPOCHS: readonly EpochMetrics[] = [
  { epoch: 1, train_loss: 0.2, val_loss: 0.19, val_auroc: 0.7, lr: 1e-3, seconds: 12.5 },
  { epoch: 2, train_loss: 0.15, val_loss: null, val_auroc: null, lr: 1e-4, seconds: 11 },
];
const TEXT = metricsText(EPOCHS);

test("a line for each epoch, and back", () => {
  expect(TEXT.split("\n")[0]).toBe(
    '{"epoch":1,"train_loss":0.2,"val_loss":0.19,"val_auroc":0.7,"lr":0.001,"seconds":12.5}',
  );
  expect(parseMetrics(TEXT)).toEqual(EPOCHS);
  expect(parseMetrics("")).toEqual([]);
});

test("a loss that is not a number comes back as one", () => {
  const diverged = { ...EPOCHS[0]!, train_loss: Number.NaN };
  expect(metricsText([diverged])).toContain('"train_loss":null');
  expect(parseMetrics(metricsText([diverged]))).toEqual([diverged]);
});

test("a last line is left out wherever it was torn, and taken where only its end is missing", () => {
  const start = TEXT.indexOf("\n") + 1;
  for (let end = start; end < TEXT.length - 1; end++)
    expect(parseMetrics(TEXT.slice(0, end))).toEqual([EPOCHS[0]]);
  expect(parseMetrics(TEXT.slice(0, -1))).toEqual(EPOCHS);
});

test("fields of later versions are ignored", () => {
  expect(parseMetrics(`${TEXT.split("\n")[0]!.replace("{", '{"grad_norm":1,')}\n`)).toEqual([EPOCHS[0]]);
});

const lineOf = (change: object): string => `${JSON.stringify({ ...EPOCHS[0], ...change })}\n`;

test.each([
  ["a torn line that is not the last", `{"epoch":1\n${TEXT}`, 1, "is no epoch"],
  ["an empty line", `\n${TEXT}`, 1, '"" is no epoch'],
  ["a number", "5\n", 1, "is no epoch"],
  ["a missing field", lineOf({ lr: undefined }), 1, '"lr" is (undefined)'],
  ["an epoch of 0", lineOf({ epoch: 0 }), 1, '"epoch" is 0'],
  ["a text for a number", lineOf({ seconds: "12" }), 1, '"seconds" is "12"'],
  ["an AUROC over 1", lineOf({ val_auroc: 1.5 }), 1, '"val_auroc" is 1.5'],
  ["an epoch twice", TEXT + lineOf({ epoch: 2 }), 3, "epoch 2 comes after epoch 2"],
])("%s is refused", (_, text, line, words) => {
  expect(() => parseMetrics(text)).toThrow(
    expect.objectContaining({
      code: "metrics/invalid",
      details: { line },
      message: expect.stringContaining(words),
    }),
  );
});
