import { describe, expect, test } from "vitest";
import type { SessionFactory } from "../../src/graph/session.ts";
import { type Fusion, type Grid, resized } from "../../src/heatmaps/grid.ts";
import { maximum } from "../../src/heatmaps/maximum.ts";
import { isFused } from "../../src/heatmaps/methods.ts";
import { product } from "../../src/heatmaps/product.ts";
import { recipeOf } from "../../src/models/map-recipe.ts";
import { createSession } from "../../src/node/session.ts";
import { FUSED_CASES, seededBatch, seededModel } from "../support/densenet-fixtures.ts";
import { mapDifference, maxDifference, maxMagnitude } from "../support/difference.ts";
import { heatmapsOf, part } from "../support/heatmaps.ts";

const TOLERANCE = 1e-4;
const METHODS = ["product", "maximum"] as const;

/** Labels whose maps are 0 everywhere. */
const emptyMaps = (maps: readonly number[], labels: number): number[] => {
  const size = maps.length / labels;
  return [...Array(labels).keys()].filter((label) =>
    maps.slice(label * size, (label + 1) * size).every((value) => value === 0),
  );
};

describe.each(FUSED_CASES)("%s", (_, networkCase) => {
  const { labels, sets, byLabel } = networkCase;
  const model = seededModel(networkCase);
  const image = seededBatch(networkCase, [networkCase.image]);

  /** Compare maps with the reference, label by label. */
  function expectMaps(data: Float32Array, expected: readonly number[]): void {
    expect(data.length).toBe(expected.length);
    const size = expected.length / labels;
    for (let label = 0; label < labels; label++) {
      const theirs = expected.slice(label * size, (label + 1) * size);
      expect(mapDifference(part(data, size, label), theirs), `label ${label}`).toBeLessThan(TOLERANCE);
    }
  }

  describe.each(sets)("of $layers", ({ layers, mapShape, maps: expected }) => {
    test.each(METHODS)("the %s is that of autograd and torch's interpolation", async (method) => {
      // Named in the other order.
      const recipe = recipeOf(method, layers.toReversed());
      const { maps } = await heatmapsOf(
        model,
        image,
        Array.from({ length: labels }, () => recipe),
      );
      const { data, height, width } = maps[0]!;
      expect([height, width]).toEqual(mapShape);
      expect(Math.max(...data)).toBeLessThanOrEqual(1);
      expectMaps(data, expected[method]);
    });
  });

  test("findings with recipes of their own have maps of one size, which are those of PyTorch", async () => {
    const { maps } = await heatmapsOf(model, image, byLabel.recipes);
    const { data, height, width } = maps[0]!;
    expect([height, width]).toEqual(byLabel.mapShape);
    expectMaps(data, byLabel.maps);
  });

  test("maps of named findings are those of all, each by its recipe", async () => {
    const findings = [[...Array(labels).keys()], [2, 0], [1], []];
    const { maps } = await heatmapsOf(model, image, byLabel.recipes, { findings });
    const [all, ...some] = maps;
    const size = all!.height * all!.width;
    expect(some.map((one) => one.findings)).toEqual(findings.slice(1));
    for (const { data, findings: named, height, width } of some) {
      expect([height, width, data.length]).toEqual([all!.height, all!.width, named.length * size]);
      for (const [i, label] of named.entries()) {
        const whole = part(all!.data, size, label);
        expect(maxMagnitude(whole)).toBeGreaterThan(0);
        expect(mapDifference(part(data, size, i), whole), `label ${label}`).toBeLessThan(1e-5);
      }
    }
  });

  test("gradients of findings whose layers a transition separates are followed together, to the same maps", async () => {
    const shared = [
      recipeOf("layercam", ["denseblock2"]),
      recipeOf("product", ["norm5", "transition2"]),
      recipeOf("hirescam", ["transition2"]),
    ];
    let sessions = 0;
    const counting: SessionFactory = (...graph) => {
      sessions += 1;
      return createSession(...graph);
    };
    const { maps } = await heatmapsOf(model, image, shared, {}, counting);
    expect(sessions, "one for the forward pass, and one for the gradients").toBe(2);
    const size = maps[0]!.height * maps[0]!.width;
    for (const [label, recipe] of shared.entries()) {
      const alone = await heatmapsOf(
        model,
        image,
        shared.with((label + 1) % 3, recipe).with((label + 2) % 3, recipe),
      );
      const { data, height, width } = alone.maps[0]!;
      const grid = { data: part(data, height * width, label), height, width };
      const expected = resized(grid, maps[0]!.height, maps[0]!.width);
      expect(maxMagnitude(expected)).toBeGreaterThan(0);
      const tolerance = recipe.method === "product" ? TOLERANCE : 1e-5;
      expect(mapDifference(part(maps[0]!.data, size, label), [...expected]), `label ${label}`).toBeLessThan(
        tolerance,
      );
    }
  });

  test("a finding's map in its own size is the map that it has where all findings have its recipe", async () => {
    const findings = [[...Array(labels).keys()].reverse()];
    const { own } = await heatmapsOf(model, image, byLabel.recipes, { findings });
    const sizes = new Set<number>();
    for (const { finding, data, height, width, cells } of own[0]!) {
      const recipe = byLabel.recipes[finding]!;
      const alike = byLabel.recipes.map(() => recipe);
      const { maps } = await heatmapsOf(model, image, alike, { findings: [[finding]] });
      expect([height, width]).toEqual([maps[0]!.height, maps[0]!.width]);
      expect(mapDifference(Float32Array.from(data), maps[0]!.data), `label ${finding}`).toBeLessThan(1e-5);
      const times = isFused(recipe.method) ? 4 : 1;
      expect([cells.height * times, cells.width * times]).toEqual([height, width]);
      sizes.add(height);
    }
    expect(own[0]!.map(({ finding }) => finding)).toEqual(findings[0]);
    expect(sizes.size).toBeGreaterThan(1);
  });

  test("gradients are opened for the findings that are asked for", async () => {
    const several = [
      recipeOf("layercam", ["denseblock2"]),
      recipeOf("layercam", ["denseblock3"]),
      recipeOf("gradcam"),
    ];
    const opened = async (findings: number[][]) => {
      let sessions = 0;
      await heatmapsOf(model, image, several, { findings }, (...graph) => {
        sessions += 1;
        return createSession(...graph);
      });
      return sessions - 1; // the forward pass
    };
    expect(await opened([[2], []])).toBe(0);
    expect(await opened([[1], [1, 2]])).toBe(1);
    expect(await opened([[0, 1, 2], [0]])).toBe(2);
  });

  test("the reference has one empty map at norm5, which empties the product and not the maximum", () => {
    expect(sets.map(({ maps }) => emptyMaps(maps.product, labels))).toEqual([[2], [], [2]]);
    expect(sets.map(({ maps }) => emptyMaps(maps.maximum, labels))).toEqual([[], [], []]);
  });
});

describe("a map without positive values", () => {
  const empty = { data: [0, 0, 0, 0], height: 2, width: 2 };
  const hot = { data: [0, 4, 0, 2], height: 2, width: 2 };
  const fuse = ({ part, combine }: Fusion, maps: readonly Grid[]) =>
    combine(maps.map((map) => part(map, 2, 2)));

  test("makes the product 0", () => {
    expect([...fuse(product, [hot, empty])]).toEqual([0, 0, 0, 0]);
    expect([...fuse(product, [hot, hot])]).toEqual([0, 1, 0, 0.25]);
  });

  test("adds nothing to the maximum", () => {
    expect([...fuse(maximum, [empty, empty])]).toEqual([0, 0, 0, 0]);
    // Python: math.tanh(2), math.tanh(1)
    const expected = [0, 0.9640275800758169, 0, 0.7615941559557649];
    expect(maxDifference(fuse(maximum, [empty, hot]), expected)).toBeLessThan(1e-15);
  });
});
