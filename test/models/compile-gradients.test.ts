import { expect, test } from "vitest";
import { runFloat32 } from "../../src/graph/session.ts";
import { LAYER_METHODS } from "../../src/heatmaps/methods.ts";
import { compileModel, mapPort, PORTS } from "../../src/models/compile.ts";
import {
  compileGradients,
  GRADIENT_PORTS,
  gradientPort,
  layerShape,
} from "../../src/models/compile-gradients.ts";
import type { HeatmapLayer } from "../../src/models/densenet121.ts";
import { createSession } from "../../src/node/session.ts";
import { float32, type Tensor } from "../../src/tensor.ts";
import { batchOf, CASES, ofImage, seededModel } from "../support/densenet-fixtures.ts";
import { mapDifference, maxMagnitude } from "../support/difference.ts";

const [, SMALL] = CASES.find(([name]) => name === "rgb-3-labels-64")!;
const MODEL = seededModel(SMALL);
const LABELS = SMALL.labels;
const METHODS = LAYER_METHODS.filter((method) => method !== "eigencam");

type Compiled = Parameters<typeof createSession>[0];

async function run(compiled: Compiled, feeds: Readonly<Record<string, Tensor<"float32">>>) {
  const session = await createSession(compiled, { threads: 1 });
  const outputs = await runFloat32(session, feeds);
  await session.release();
  return outputs;
}

const identity = float32(
  [LABELS, LABELS],
  Float32Array.from({ length: LABELS ** 2 }, (_, i) => (i % (LABELS + 1) === 0 ? 1 : 0)),
);

/** A layer's features of the second image, [1, K, h, w]. */
async function featuresAt(layer: HeatmapLayer): Promise<Tensor<"float32">> {
  const map = { method: "eigencam", layer } as const;
  const outputs = await run(compileModel(MODEL, [map]), { [PORTS.image]: batchOf(SMALL) });
  return float32([1, ...layerShape(MODEL, layer)], ofImage(outputs[mapPort(map)]!, 1).slice());
}

async function mapsAt(layer: HeatmapLayer, method: (typeof METHODS)[number]): Promise<Tensor<"float32">> {
  const map = { method, layer };
  const feeds = {
    [GRADIENT_PORTS.features]: await featuresAt(layer),
    [GRADIENT_PORTS.seeds]: identity,
  };
  return (await run(compileGradients(MODEL, [map]), feeds))[gradientPort(map)]!;
}

test.each(METHODS)("at norm5, %s by gradients is the closed form", async (method) => {
  const map = { method, layer: "norm5" } as const;
  const outputs = await run(compileModel(MODEL, [map]), { [PORTS.image]: batchOf(SMALL) });
  const heatmaps = outputs[mapPort(map)];
  const maps = await mapsAt("norm5", method);
  expect(maps.shape).toEqual([LABELS, ...heatmaps!.shape.slice(2)]);
  expect(maxMagnitude(maps.data)).toBeGreaterThan(0);
  expect(mapDifference(maps.data, ofImage(heatmaps!, 1))).toBeLessThan(1e-5);
});

/**
 * At denseblock4, below norm5's scale s_k = weight / √(running_var + ε): g_ck = W_ck · s_k / P where norm5's output is
 * positive, else 0.
 */
test("at denseblock4, HiResCAM is what norm5's scale and sign make of it", async () => {
  const features = await featuresAt("denseblock4");
  const normed = await featuresAt("norm5");
  const [, channels, h, w] = features.shape as readonly [number, number, number, number];
  const parameter = (name: string) => (MODEL.tensors.get(name) as Tensor<"float32">).data;
  const weight = parameter("classifier.weight");
  const [gain, variance] = ["weight", "running_var"].map((name) => parameter(`features.norm5.${name}`));
  const size = h * w;
  const expected = new Float64Array(LABELS * size);
  for (let c = 0; c < LABELS; c++) {
    for (let i = 0; i < channels * size; i++) {
      const k = Math.floor(i / size);
      const g = (weight[c * channels + k]! * gain![k]!) / Math.sqrt(variance![k]! + 1e-5) / size;
      if (normed.data[i]! > 0) expected[c * size + (i % size)]! += g * features.data[i]!;
    }
  }
  const maps = await mapsAt("denseblock4", "hirescam");
  expect(maps.shape).toEqual([LABELS, h, w]);
  expect(maxMagnitude(expected)).toBeGreaterThan(0);
  expect(
    mapDifference(
      maps.data,
      expected.map((value) => Math.max(0, value)),
    ),
  ).toBeLessThan(1e-5);
});

test("maps of several layers come from one pass, and are those of each alone", async () => {
  const maps = [
    { method: "hirescam", layer: "denseblock4" },
    { method: "layercam", layer: "denseblock3" },
    { method: "layercam", layer: "transition2" },
  ] as const;
  const feeds = {
    [GRADIENT_PORTS.features]: await featuresAt("transition2"),
    [GRADIENT_PORTS.seeds]: identity,
  };
  const together = await run(compileGradients(MODEL, maps), feeds);
  for (const map of maps) {
    const alone = await mapsAt(map.layer, map.method);
    const found = together[gradientPort(map)]!;
    expect(found.shape).toEqual(alone.shape);
    expect(maxMagnitude(alone.data)).toBeGreaterThan(0);
    expect(mapDifference(found.data, alone.data), map.layer).toBeLessThan(1e-5);
  }
});
