/** Compares the heatmaps of a network at every layer with PyTorch's: each combination starts a session. */

import { afterAll, describe, expect, test } from "vitest";
import type { OnnxModel } from "../../src/graph/onnx/model.ts";
import type { Session, SessionFactory } from "../../src/graph/session.ts";
import { type HeatmapMethod, LAYER_METHODS } from "../../src/heatmaps/methods.ts";
import { HEATMAP_LAYERS, type HeatmapLayer } from "../../src/models/densenet121.ts";
import type { LoadedModel } from "../../src/models/load.ts";
import { recipeOf } from "../../src/models/map-recipe.ts";
import { createSession } from "../../src/node/session.ts";
import type { Tensor } from "../../src/tensor.ts";
import { type LayersCase, seededBatch, seededModel } from "../support/densenet-fixtures.ts";
import { mapDifference, maxDifference, maxMagnitude } from "../support/difference.ts";
import { heatmapsOf, part, type Wanted } from "../support/heatmaps.ts";

/** Largest difference of maps, as a share of the largest value. */
export const TOLERANCE = 1e-4;

/** Sessions of one network that are started once for each graph, and end when the tests around the call have ended. */
function sharedSessions(): SessionFactory {
  const started = new Map<string, Promise<Session>>();
  afterAll(async () => {
    for (const session of started.values()) await (await session).release();
  });
  return async (model, options) => {
    const graph = Buffer.from((model as OnnxModel).bytes).toString("base64");
    const session = started.get(graph) ?? createSession(model, options);
    started.set(graph, session);
    return { ...(await session), release: async () => {} };
  };
}

/** Maps of one image of a batch by one method at one layer. */
export const mapsOf = (
  model: LoadedModel,
  image: Tensor<"float32">,
  { method, layer, ...wanted }: Wanted & { method: HeatmapMethod; layer: HeatmapLayer },
  start?: SessionFactory,
) =>
  heatmapsOf(
    model,
    image,
    Array.from({ length: model.numLabels }, () => recipeOf(method, [layer])),
    wanted,
    start,
  );

/** Tests of every method at every layer of one network. */
export function testLayerMaps(networkCase: LayersCase): void {
  const model = seededModel(networkCase);
  const image = seededBatch(networkCase, [networkCase.image]);
  const { labels, layers } = networkCase;

  describe.each(HEATMAP_LAYERS)("at %s", (layer) => {
    const { mapShape, maps: expected } = layers[layer];
    const size = mapShape[0] * mapShape[1];
    const start = sharedSessions();

    test.each(LAYER_METHODS)("%s maps are those of autograd, label by label", async (method) => {
      const { maps, logits } = await mapsOf(model, image, { method, layer }, start);
      const { data, findings, height, width } = maps[0]!;
      expect([height, width]).toEqual(mapShape);
      expect(findings).toEqual(Array.from({ length: labels }, (_, i) => i));
      expect(data.length).toBe(labels * size);
      for (let label = 0; label < labels; label++) {
        const reference = expected[method].slice(
          ...(method === "eigencam" ? [] : [label * size, (label + 1) * size]),
        );
        expect(mapDifference(part(data, size, label), reference), `label ${label}`).toBeLessThan(TOLERANCE);
      }
      expect(maxDifference(logits, networkCase.logits)).toBeLessThan(4e-5);
    });
  });

  test("the reference maps are not all empty, and differ from layer to layer", () => {
    for (const method of LAYER_METHODS) {
      const largest = HEATMAP_LAYERS.map((layer) => maxMagnitude(layers[layer].maps[method]));
      expect(Math.min(...largest), method).toBeGreaterThan(1e-3);
      expect(new Set(largest).size, method).toBe(HEATMAP_LAYERS.length);
    }
  });
}
