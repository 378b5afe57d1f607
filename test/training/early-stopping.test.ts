import { expect, test } from "vitest";
import { EarlyStopping } from "../../src/training/early-stopping.ts";

/** After how many epochs it stops; null if it does not. */
function stopsAfter(patience: number, aurocs: readonly (number | null)[]): number | null {
  const stopping = new EarlyStopping(patience);
  for (const [i, auroc] of aurocs.entries()) {
    stopping.endEpoch(auroc);
    if (stopping.shouldStop) return i + 1;
  }
  return null;
}

test.each([
  ["a rise", 1, [0.5, 0.6, 0.7], null],
  ["one worse epoch, one allowed", 1, [0.5, 0.4], 2],
  ["a new best begins the count again", 2, [0.5, 0.4, 0.6, 0.5, 0.55], 5],
  ["an equal figure is no better", 2, [0.5, 0.5, 0.5], 3],
  ["what could not be told is no better", 2, [0.5, null, Number.NaN], 3],
  ["never told", 3, [null, null, null], 3],
  ["told late", 3, [null, Number.NaN, 0.4, 0.3], null],
])("%s", (_, patience, aurocs, expected) => {
  expect(stopsAfter(patience, aurocs)).toBe(expected);
});

test("it goes on from plain data", () => {
  const before = new EarlyStopping(2);
  before.endEpoch(0.8);
  before.endEpoch(0.7);
  expect(before.state).toEqual({ best: 0.8, waited: 1 });
  const after = new EarlyStopping(2);
  after.restore(JSON.parse(JSON.stringify(before.state)));
  expect(after.shouldStop).toBe(false);
  after.endEpoch(0.75);
  expect(after.shouldStop).toBe(true);
});
