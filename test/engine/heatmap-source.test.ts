import { afterAll, describe, expect, test } from "vitest";
import type { OnnxModel } from "../../src/graph/onnx/model.ts";
import type { Session, SessionFactory } from "../../src/graph/session.ts";
import { type HeatmapMethod, LAYER_METHODS } from "../../src/heatmaps/methods.ts";
import { HEATMAP_LAYERS, type HeatmapLayer } from "../../src/models/densenet121.ts";
import type { LoadedModel } from "../../src/models/load.ts";
import { recipeOf } from "../../src/models/map-recipe.ts";
import { createSession } from "../../src/node/session.ts";
import type { Tensor } from "../../src/tensor.ts";
import { LAYERS_CASES, type SeededNetwork, seededBatch, seededModel } from "../support/densenet-fixtures.ts";
import { mapDifference, maxDifference, maxMagnitude } from "../support/difference.ts";
import { heatmapsOf, part, type Wanted } from "../support/heatmaps.ts";

const TOLERANCE = 1e-4;

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
const mapsOf = (
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

describe.each(LAYERS_CASES)("%s", (_, networkCase) => {
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
});

/** At denseblock1 the maps of all labels take several runs. */
const LARGE: SeededNetwork = { seed: 9, labels: 14, channels: 1, height: 224, width: 224 };

test.each<[HeatmapMethod, HeatmapLayer]>([
  ["layercam", "denseblock1"],
  ["layercam", "norm5"],
  ["eigencam", "denseblock4"],
])("maps of named findings are those of all, %s at %s", async (method, layer) => {
  const findings = [[...Array(14).keys()], [12, 0, 7], []];
  const { maps } = await mapsOf(seededModel(LARGE), seededBatch(LARGE, [3]), { method, layer, findings });
  const [all, some, none] = maps;
  expect([some!.findings, none!.findings, none!.data.length]).toEqual([[12, 0, 7], [], 0]);
  const size = all!.height * all!.width;
  for (const [i, label] of [12, 0, 7].entries()) {
    expect(maxMagnitude(part(all!.data, size, label))).toBeGreaterThan(0);
    expect(mapDifference(part(some!.data, size, i), part(all!.data, size, label))).toBeLessThan(1e-5);
  }
});

test("maps are of the view that was asked for", async () => {
  const [, network] = LAYERS_CASES[0]!;
  const model = seededModel(network);
  const wanted = { method: "hirescam", layer: "denseblock3" } as const;
  const alone = await mapsOf(model, seededBatch(network, [network.image]), wanted);
  const batch = seededBatch(network, [2, network.image]);
  const second = await mapsOf(model, batch, { ...wanted, view: 1 });
  const first = await mapsOf(model, batch, wanted);
  expect(mapDifference(second.maps[0]!.data, alone.maps[0]!.data)).toBeLessThan(TOLERANCE);
  expect(mapDifference(first.maps[0]!.data, alone.maps[0]!.data)).toBeGreaterThan(0.1);
});
