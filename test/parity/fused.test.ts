import { expect, test } from "vitest";
import { HeatmapSource } from "../../src/engine/heatmap-source.ts";
import { runFloat32 } from "../../src/graph/session.ts";
import { compileModel } from "../../src/models/compile.ts";
import { layerMapsOf, recipeOf } from "../../src/models/map-recipe.ts";
import { createSession } from "../../src/node/session.ts";
import { float32 } from "../../src/tensor.ts";
import { maxDifference, maxMagnitude } from "../support/difference.ts";
import { describeParity, load, prepare, REFERENCE, readArray, withSession } from "./reference.ts";

/** Four times the cells of denseblock2. */
const SIDE = 4 * 28;
const POSITIONS = SIDE * SIDE;
const LABELS = 14;

/** The largest share of a map's maximum that rounding across 0 may account for. */
const MOST_SLACK = 0.05;

describeParity("fused heatmaps", () => {
  test.each(["product", "maximum"] as const)(
    "every %s is that of float64, to 1e-4 of its maximum and what rounding across 0 can cause",
    async (method) => {
      const { layered, fusedLayers } = REFERENCE;
      const expected = readArray(`fused-${method}`);
      const slack = readArray(`slack-${method}`);
      expect(layered.length).toBeGreaterThan(0);
      expect([expected.length, slack.length]).toEqual([layered.length * LABELS * POSITIONS, layered.length]);
      // A slack that allows everything would check nothing.
      expect(maxMagnitude(slack)).toBeLessThan(MOST_SLACK);
      const model = load("main.pth");
      const recipe = recipeOf(method, fusedLayers);
      const recipes = Array.from({ length: LABELS }, () => recipe);
      const source = await HeatmapSource.open(model, recipes, createSession, {});
      let shown = 0;
      await withSession(compileModel(model, layerMapsOf(recipe)), async (session) => {
        for (const [i, name] of layered.entries()) {
          const { input } = await prepare(name);
          const results = await runFloat32(session, { image: float32([1, 3, 224, 224], input) });
          const { data, height, width } = await source.of(results, 0);
          expect([height, width]).toEqual([SIDE, SIDE]);
          for (let label = 0; label < LABELS; label++) {
            const map = i * LABELS + label;
            const theirs = expected.subarray(map * POSITIONS, (map + 1) * POSITIONS);
            const top = maxMagnitude(theirs);
            const ours = data.subarray(label * POSITIONS, (label + 1) * POSITIONS);
            const allowed = (1e-4 + slack[i]!) * top;
            expect(maxDifference(ours, theirs), `${name}, output ${label}`).toBeLessThanOrEqual(allowed);
            if (top > 1e-3) shown += 1;
          }
        }
      });
      await source.release();
      expect(shown).toBeGreaterThan((layered.length * LABELS) / 2);
    },
  );
});
