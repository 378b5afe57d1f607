import { describe, expect, test } from "vitest";
import type { HeatmapMethod } from "../../src/heatmaps/methods.ts";
import type { HeatmapLayer } from "../../src/models/densenet121.ts";
import { LAYERS_CASES, type SeededNetwork, seededBatch, seededModel } from "../support/densenet-fixtures.ts";
import { mapDifference, maxMagnitude } from "../support/difference.ts";
import { mapsOf, part, TOLERANCE, testLayerMaps } from "./layer-maps.ts";

// test/engine/heatmap-source.long.test.ts has the others.
describe.each(LAYERS_CASES.slice(0, 1))("%s", (_, networkCase) => testLayerMaps(networkCase));

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
