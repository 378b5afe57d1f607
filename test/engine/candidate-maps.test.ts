import { expect, test } from "vitest";
import { CandidateMaps } from "../../src/engine/candidate-maps.ts";
import { inputSizeOf } from "../../src/image/preparation.ts";
import { layerMapsOf, recipeOf } from "../../src/models/map-recipe.ts";
import { createSession } from "../../src/node/session.ts";
import { FUSED_CASES, seededBatch, seededModel } from "../support/densenet-fixtures.ts";
import { mapDifference } from "../support/difference.ts";

test.each(FUSED_CASES)(
  "%s: fused maps from one pass, of some layers only, are PyTorch's",
  async (_, networkCase) => {
    const { labels, sets } = networkCase;
    const { layers, mapShape, maps: expected } = sets[0]!;
    const model = seededModel(networkCase);
    const { data: view } = seededBatch(networkCase, [networkCase.image]);
    const recipe = recipeOf("product", layers);
    const candidates = await CandidateMaps.open(model, inputSizeOf(model.card.preparation), createSession, {
      maps: layerMapsOf(recipe),
    });
    try {
      const found = await candidates.of(view, [...Array(labels).keys()]);
      const size = mapShape[0]! * mapShape[1]!;
      for (const [label, maps] of found.entries()) {
        const { data, height, width } = maps.of(recipe);
        expect([height, width]).toEqual(mapShape);
        expect(
          mapDifference(Float32Array.from(data), expected.product.slice(label * size, (label + 1) * size)),
        ).toBeLessThan(1e-4);
      }
    } finally {
      await candidates.release();
    }
  },
);
