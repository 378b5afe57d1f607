/** Compares the heatmaps of a network at every layer with PyTorch's: each combination starts a session. */

import { afterAll, describe, expect, test } from "vitest";
import { HeatmapSource, type Heatmaps } from "../../src/engine/heatmap-source.ts";
import type { OnnxModel } from "../../src/graph/onnx/model.ts";
import { runFloat32, type Session, type SessionFactory } from "../../src/graph/session.ts";
import { type HeatmapMethod, LAYER_METHODS } from "../../src/heatmaps/methods.ts";
import { compileModel, PORTS } from "../../src/models/compile.ts";
import { HEATMAP_LAYERS, type HeatmapLayer } from "../../src/models/densenet121.ts";
import type { LoadedModel } from "../../src/models/load.ts";
import { layerMapsOf, recipeOf } from "../../src/models/map-recipe.ts";
import { createSession } from "../../src/node/session.ts";
import type { Tensor } from "../../src/tensor.ts";
import { type LayersCase, seededBatch, seededModel } from "../support/densenet-fixtures.ts";
import { mapDifference, maxDifference, maxMagnitude } from "../support/difference.ts";

/** Largest difference of maps, as a share of the largest value. */
export const TOLERANCE = 1e-4;
const THREADS = { threads: 1, optimise: "startup" } as const;

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

/** Maps of one image of a batch; all labels' unless some are named. */
export async function mapsOf(
  model: LoadedModel,
  image: Tensor<"float32">,
  wanted: { method: HeatmapMethod; layer: HeatmapLayer; view?: number; findings?: readonly number[][] },
  start: SessionFactory = createSession,
): Promise<{ maps: Heatmaps[]; logits: Float32Array }> {
  const { method, layer, view = 0, findings = [undefined] } = wanted;
  const recipe = recipeOf(method, [layer]);
  const session = await start(compileModel(model, layerMapsOf(recipe)), THREADS);
  const recipes = Array.from({ length: model.numLabels }, () => recipe);
  const source = await HeatmapSource.open(model, recipes, start, THREADS);
  const results = await runFloat32(session, { [PORTS.image]: image });
  const maps: Heatmaps[] = [];
  for (const some of findings) maps.push(await source.of(results, view, some));
  await source.release();
  await session.release();
  return { maps, logits: results[PORTS.logits]!.data };
}

/** One of the equal parts of an array. */
export const part = (data: Float32Array, size: number, index: number) =>
  data.subarray(index * size, (index + 1) * size);

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
