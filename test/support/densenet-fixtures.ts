/** The reference numbers of scripts/reference/densenet.py, and the models that they are of. */
import { readdirSync, readFileSync } from "node:fs";
import type { HeatmapMethod } from "../../src/heatmaps/methods.ts";
import type { Preparation } from "../../src/image/preparation.ts";
import { resolveCard } from "../../src/models/card.ts";
import { compileModel } from "../../src/models/compile.ts";
import type { LoadedModel } from "../../src/models/load.ts";
import { seededWeights } from "../../src/models/seeded.ts";
import { createSession } from "../../src/runtime/session.ts";
import { float32, type Tensor } from "../../src/tensor.ts";
import { seededImage } from "./seeded-image.ts";

const FOLDER = new URL("../../fixtures/densenet/", import.meta.url);

/** A file of fixtures/densenet, parsed. */
export function readFixture<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(name, FOLDER), "utf8")) as T;
}

/** One network, a few images, and what PyTorch makes of them. */
export interface DenseNetCase {
  readonly seed: number;
  readonly labels: number;
  readonly channels: 1 | 3;
  readonly height: number;
  readonly width: number;
  readonly results: readonly {
    /** Seed of the image. */
    readonly image: number;
    readonly logits: readonly number[];
    readonly mapShape: readonly [number, number];
    /** [labels, h, w]; EigenCAM [1, h, w]. */
    readonly maps: Readonly<Record<HeatmapMethod, readonly number[]>>;
  }[];
}

/** Every case, by its file's name. */
export const CASES: readonly (readonly [string, DenseNetCase])[] = readdirSync(FOLDER)
  .filter((name) => /^(rgb|grey)-.*\.json$/.test(name))
  .map((name) => [name.replace(".json", ""), readFixture<DenseNetCase>(name)] as const);

/** The seeded network of a case with a preparation of its size. */
export function seededModel({ seed, labels, channels, height, width }: DenseNetCase): LoadedModel {
  const weights = seededWeights(seed, labels, channels);
  const resize = { step: "resize", width, height } as const;
  const preparation: Preparation =
    channels === 1
      ? [{ step: "grey" }, { step: "normalise", scheme: "xrv" }, { ...resize, resample: "skimage" }]
      : [{ step: "rgb" }, { ...resize, resample: "pil" }, { step: "normalise", scheme: "imagenet" }];
  const names = Array.from({ length: labels }, (_, i) => `finding ${i}`);
  const card = resolveCard({ numLabels: labels, inChannels: channels }, { preparation }, names);
  return { ...weights, card, format: "safetensors" };
}

/** All images of a case as one batch. */
export function batchOf({ channels, height, width, results }: DenseNetCase): Tensor<"float32"> {
  const size = channels * height * width;
  const batch = new Float32Array(results.length * size);
  for (const [i, { image }] of results.entries()) {
    batch.set(seededImage(image, channels, height, width), i * size);
  }
  return float32([results.length, channels, height, width], batch);
}

/** Compile the network of a case and run all its images at once. */
export async function runCase(
  networkCase: DenseNetCase,
  method?: HeatmapMethod,
): Promise<Record<string, Tensor<"float32">>> {
  const session = await createSession(compileModel(seededModel(networkCase), method), { threads: 1 });
  const outputs = await session.run({ image: batchOf(networkCase) });
  await session.release();
  return outputs;
}

/** The part of an output that belongs to one image of the batch. */
export function ofImage({ data, shape }: Tensor<"float32">, index: number): Float32Array {
  const size = data.length / shape[0]!;
  return data.subarray(index * size, (index + 1) * size);
}
