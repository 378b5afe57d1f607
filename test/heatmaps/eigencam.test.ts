import { expect, test } from "vitest";
import { eigencam } from "../../src/heatmaps/eigencam.ts";
import { maxDifference } from "../support/difference.ts";

/** Channels × positions of rank one: channel k is mean_k + gain_k · pattern. */
function rankOne(
  means: readonly number[],
  gains: readonly number[],
  pattern: readonly number[],
): Float32Array {
  return Float32Array.from(means.flatMap((mean, k) => pattern.map((value) => mean + gains[k]! * value)));
}

test("of features of rank one the map is the centred pattern times the length of the gains", () => {
  const map = eigencam(rankOne([5, 7], [3, 4], [0, 1, 2, 5]), 2, 4);
  // Mean of the pattern: 2; length of (3, 4): 5.
  expect(maxDifference(map, [0, 0, 0, 15])).toBeLessThan(1e-5);
});

test("positions with stronger features come out positive, whichever sign the singular vector has", () => {
  const pattern = [4, 1, 1, 2];
  const up = eigencam(rankOne([5, 7], [3, 4], pattern), 2, 4);
  const down = eigencam(rankOne([50, 70], [-3, -4], pattern), 2, 4);
  expect(maxDifference(up, [10, 0, 0, 0])).toBeLessThan(1e-5);
  expect(maxDifference(down, [0, 5, 5, 0])).toBeLessThan(1e-5);
});

test("features that are the same everywhere give an empty map", () => {
  expect([...eigencam(rankOne([5, 7], [0, 0], [1, 2, 3]), 2, 3)]).toEqual([0, 0, 0]);
});

test("one position has nothing to differ from", () => {
  expect([...eigencam(Float32Array.of(3, -2), 2, 1)]).toEqual([0]);
});

test("the features are not modified", () => {
  const features = rankOne([1, 2], [3, 4], [0, 1, 5]);
  const before = features.slice();
  eigencam(features, 2, 3);
  expect(features).toEqual(before);
});
