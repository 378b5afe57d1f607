/** The reference numbers from scripts/reference/densenet.py, and the models to which they belong. */

import { readdirSync, readFileSync } from "node:fs";
import { runFloat32 } from "../../src/graph/session.ts";
import type { FusedMethod, LayerMethod } from "../../src/heatmaps/methods.ts";
import type { Preparation } from "../../src/image/preparation.ts";
import { resolveCard } from "../../src/models/card.ts";
import { compileModel } from "../../src/models/compile.ts";
import type { HeatmapLayer } from "../../src/models/densenet121.ts";
import type { LoadedModel } from "../../src/models/load.ts";
import type { MapRecipe } from "../../src/models/map-recipe.ts";
import type { DenseNetWeights } from "../../src/models/match.ts";
import { createSession } from "../../src/node/session.ts";
import { float32, type Tensor } from "../../src/tensor.ts";
import { seededImage } from "./seeded-image.ts";
import { seededWeights } from "./seeded-weights.ts";

const FOLDER = new URL("../../fixtures/densenet/", import.meta.url);
const LAYERS = new URL("../../fixtures/layers/", import.meta.url);
const FUSED = new URL("../../fixtures/fused/", import.meta.url);

/** A file of fixtures/densenet, parsed. */
export function readFixture<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(name, FOLDER), "utf8")) as T;
}

/** A seeded network and the size of its images. */
export interface SeededNetwork {
  readonly seed: number;
  readonly labels: number;
  readonly channels: 1 | 3;
  readonly height: number;
  readonly width: number;
}

/** Each method's heatmaps, flat: [labels, h, w], or [1, h, w] for EigenCAM. */
export type ExpectedMaps = Readonly<Record<LayerMethod, readonly number[]>>;

/** One network, a few images, and PyTorch's results. */
export interface DenseNetCase extends SeededNetwork {
  readonly results: readonly {
    /** Seed of the image. */
    readonly image: number;
    readonly logits: readonly number[];
    readonly mapShape: readonly [number, number];
    readonly maps: ExpectedMaps;
  }[];
}

/** One network, one image, and its heatmaps at every layer: scripts/reference/layers.py. */
export interface LayersCase extends SeededNetwork {
  /** Seed of the image. */
  readonly image: number;
  readonly logits: readonly number[];
  readonly layers: Readonly<
    Record<HeatmapLayer, { readonly mapShape: readonly [number, number]; readonly maps: ExpectedMaps }>
  >;
}

/** One network, one image, and fused heatmaps: scripts/reference/fused.py. */
export interface FusedCase extends SeededNetwork {
  /** Seed of the image. */
  readonly image: number;
  readonly sets: readonly {
    readonly layers: readonly HeatmapLayer[];
    readonly mapShape: readonly [number, number];
    readonly maps: Readonly<Record<FusedMethod, readonly number[]>>;
  }[];
  /** Each label's heatmap by a recipe of its own, at one size. */
  readonly byLabel: {
    readonly recipes: readonly MapRecipe[];
    readonly mapShape: readonly [number, number];
    readonly maps: readonly number[];
  };
}

/** Every case, by its file's name. */
export const CASES: readonly (readonly [string, DenseNetCase])[] = readdirSync(FOLDER)
  .filter((name) => /^(rgb|grey)-.*\.json$/.test(name))
  .map((name) => [name.replace(".json", ""), readFixture<DenseNetCase>(name)] as const);

/** All files of a folder, parsed, by their names. */
const casesIn = <T>(folder: URL): readonly (readonly [string, T])[] =>
  readdirSync(folder).map((name) => [
    name.replace(".json", ""),
    JSON.parse(readFileSync(new URL(name, folder), "utf8")) as T,
  ]);

export const LAYERS_CASES = casesIn<LayersCase>(LAYERS);

export const FUSED_CASES = casesIn<FusedCase>(FUSED);

let latest: { readonly key: string; readonly weights: DenseNetWeights } | undefined;

/** A case's weights, made once for tests of the same case in a row. */
function weightsOf({ seed, labels, channels }: SeededNetwork): DenseNetWeights {
  const key = `${seed} ${labels} ${channels}`;
  if (latest?.key !== key) latest = { key, weights: seededWeights(seed, labels, channels) };
  return latest.weights;
}

/** The seeded network of a case with a preparation of its size. */
export function seededModel(network: SeededNetwork): LoadedModel {
  const { labels, channels, height, width } = network;
  const weights = weightsOf(network);
  const resize = { step: "resize", width, height } as const;
  const preparation: Preparation =
    channels === 1
      ? [{ step: "grey" }, { step: "normalise", scheme: "xrv" }, { ...resize, resample: "skimage" }]
      : [{ step: "rgb" }, { ...resize, resample: "pil" }, { step: "normalise", scheme: "imagenet" }];
  const names = Array.from({ length: labels }, (_, i) => `finding ${i}`);
  const card = resolveCard({ numLabels: labels, inChannels: channels }, { preparation }, names);
  return {
    ...weights,
    card,
    format: "safetensors",
    outputs: [...names.keys()],
    weightKind: "plain",
    notes: [],
  };
}

/** Images of a network's size, made from their seeds, as one batch. */
export function seededBatch(
  { channels, height, width }: SeededNetwork,
  seeds: readonly number[],
): Tensor<"float32"> {
  const size = channels * height * width;
  const batch = new Float32Array(seeds.length * size);
  for (const [i, seed] of seeds.entries()) batch.set(seededImage(seed, channels, height, width), i * size);
  return float32([seeds.length, channels, height, width], batch);
}

/** All images of a case as one batch. */
export function batchOf(networkCase: DenseNetCase): Tensor<"float32"> {
  const seeds = networkCase.results.map(({ image }) => image);
  return seededBatch(networkCase, seeds);
}

/** Compile the network of a case and run all its images at once. */
export async function runCase(
  networkCase: DenseNetCase,
  method?: LayerMethod,
): Promise<Record<string, Tensor<"float32">>> {
  const session = await createSession(
    compileModel(seededModel(networkCase), method === undefined ? [] : [{ method, layer: "norm5" }]),
    { threads: 1 },
  );
  const outputs = await runFloat32(session, { image: batchOf(networkCase) });
  await session.release();
  return outputs;
}

/** The part of an output that belongs to one image of the batch. */
export function ofImage({ data, shape }: Tensor<"float32">, index: number): Float32Array {
  const size = data.length / shape[0]!;
  return data.subarray(index * size, (index + 1) * size);
}
