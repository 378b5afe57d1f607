import { describe, expect, test } from "vitest";
import { eigencam } from "../../src/heatmaps/eigencam.ts";
import { LAYER_METHODS } from "../../src/heatmaps/methods.ts";
import { CASES, ofImage, runCase } from "../support/densenet-fixtures.ts";
import { mapDifference, maxMagnitude } from "../support/difference.ts";

const TOLERANCE = 1e-4;
const CLOSED = LAYER_METHODS.filter((method) => method !== "eigencam");

describe.each(CASES)("%s", (_, networkCase) => {
  const { labels, results } = networkCase;

  test.each(CLOSED)("%s maps are those of autograd, label by label", async (method) => {
    const { [`heatmaps.${method}`]: heatmaps } = await runCase(networkCase, method);
    const [h, w] = results[0]!.mapShape;
    expect(heatmaps!.shape).toEqual([results.length, labels, h, w]);
    for (const [i, { maps }] of results.entries()) {
      const ours = ofImage(heatmaps!, i);
      for (let label = 0; label < labels; label++) {
        const [from, to] = [label * h * w, (label + 1) * h * w];
        const difference = mapDifference(ours.subarray(from, to), maps[method].slice(from, to));
        expect(difference, `image ${i}, label ${label}`).toBeLessThan(TOLERANCE);
      }
    }
  });

  test("the EigenCAM map is the projection on NumPy's first right singular vector", async () => {
    const { "features.norm5": features } = await runCase(networkCase, "eigencam");
    const [h, w] = results[0]!.mapShape;
    expect(features!.shape).toEqual([results.length, 1024, h, w]);
    for (const [i, { maps }] of results.entries()) {
      const ours = eigencam(ofImage(features!, i), 1024, h * w);
      expect(mapDifference(ours, maps.eigencam)).toBeLessThan(TOLERANCE);
    }
  });
});

test("the reference maps are not all empty", () => {
  for (const method of LAYER_METHODS) {
    const shown = CASES.flatMap(([, { results }]) => results.map(({ maps }) => maxMagnitude(maps[method])));
    expect(shown.filter((max) => max > 1e-4).length, method).toBeGreaterThan(CASES.length / 2);
  }
});
