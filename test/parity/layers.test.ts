import { expect, test } from "vitest";
import { HeatmapSource } from "../../src/engine/heatmap-source.ts";
import { runFloat32 } from "../../src/graph/session.ts";
import { LAYER_METHODS } from "../../src/heatmaps/methods.ts";
import { compileModel } from "../../src/models/compile.ts";
import { layerMapsOf, recipeOf } from "../../src/models/map-recipe.ts";
import { createSession } from "../../src/node/session.ts";
import { float32 } from "../../src/tensor.ts";
import { mapDifference, maxMagnitude } from "../support/difference.ts";
import { describeParity, load, prepare, REFERENCE, readArray, withSession } from "./reference.ts";

const POSITIONS = 14 * 14;
const LABELS = 14;

describeParity(`heatmaps at ${REFERENCE.layer}`, () => {
  test.each(LAYER_METHODS)("every %s map is autograd's to 1e-4 of its maximum", async (method) => {
    const { layer, layered } = REFERENCE;
    const expected = readArray(`layer-maps-${method}`);
    const maps = method === "eigencam" ? 1 : LABELS;
    expect(layered.length).toBeGreaterThan(0);
    expect(expected.length).toBe(layered.length * maps * POSITIONS);
    expect(maxMagnitude(expected)).toBeGreaterThan(1e-3);
    const model = load("main.pth");
    const recipe = recipeOf(method, [layer]);
    const recipes = Array.from({ length: LABELS }, () => recipe);
    const source = await HeatmapSource.open(model, recipes, createSession, {});
    const differences: number[] = [];
    await withSession(compileModel(model, layerMapsOf(recipe)), async (session) => {
      for (const [i, name] of layered.entries()) {
        const { input } = await prepare(name);
        const { data } = await source.of(
          await runFloat32(session, { image: float32([1, 3, 224, 224], input) }),
          0,
        );
        for (let label = 0; label < LABELS; label++) {
          const ours = data.subarray(label * POSITIONS, (label + 1) * POSITIONS);
          const at = (i * maps + (label % maps)) * POSITIONS;
          differences.push(mapDifference(ours, expected.subarray(at, at + POSITIONS)));
        }
      }
    });
    await source.release();
    expect(Math.max(...differences)).toBeLessThan(1e-4);
  });
});
