import { expect, test } from "vitest";
import { CARD_KEY, parseCard, parseCardText, resolveCard } from "../../src/models/card.ts";
import { rocAt } from "../../src/models/card-roc.ts";
import { cardMetadata } from "../../src/models/compile.ts";

const invalid = (message: RegExp) =>
  expect.objectContaining({ code: "card/invalid", message: expect.stringMatching(message) });

const table = {
  positives: 20,
  negatives: 180,
  thresholds: [0.1, 0.3, 0.5],
  sensitivity: [0.9, 0.7, 0.2],
  specificity: [0.4, 0.8, 1],
};
const roc = { description: "200 images", findings: { a: table } };

test("between two thresholds the figures lie on a straight line, and beyond them they stay", () => {
  const at = (threshold: number) => rocAt(table, threshold);
  expect(at(0.3)).toEqual({ sensitivity: 0.7, specificity: 0.8 });
  expect(at(0.1)).toEqual({ sensitivity: 0.9, specificity: 0.4 });
  expect(at(0.2).sensitivity).toBeCloseTo(0.8, 12);
  expect(at(0.2).specificity).toBeCloseTo(0.6, 12);
  expect(at(0.45).sensitivity).toBeCloseTo(0.325, 12);
  expect(at(0)).toEqual({ sensitivity: 0.9, specificity: 0.4 });
  expect(at(1)).toEqual({ sensitivity: 0.2, specificity: 1 });
});

test("it is read back as it was written, and follows its labels to the names that a user gives", () => {
  expect(parseCardText(cardMetadata({ roc })[CARD_KEY])).toEqual({ roc });
  const card = { labels: ["a", "b"], roc };
  const settled = resolveCard({ numLabels: 2, inChannels: 3 }, card, ["b", "c"]);
  expect(settled.roc).toEqual({ ...roc, findings: { b: table } });
});

test.each([
  ["thresholds that fall", { thresholds: [0.3, 0.1, 0.5] }, /thresholds\[1\] must be above the one before/],
  ["a threshold twice", { thresholds: [0.1, 0.1, 0.5] }, /thresholds\[1\] must be above the one before/],
  ["no thresholds", { thresholds: [] }, /thresholds must be a list of one or more/],
  ["a missing specificity", { specificity: [0, 1] }, /a must have a sensitivity and a specificity for each/],
  [
    "a share over 1",
    { sensitivity: [1.2, 1, 0] },
    /sensitivity\[0\] must be a number from 0 to 1, but is 1\.2/,
  ],
  ["no positives", { positives: 0 }, /positives must be a whole number, 1 or more/],
])("refused: %s", (_, change, message) => {
  const value = { roc: { ...roc, findings: { a: { ...table, ...change } } } };
  expect(() => parseCard(value)).toThrow(invalid(message));
});
