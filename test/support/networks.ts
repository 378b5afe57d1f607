/** The networks of scripts/reference/networks.py, and what PyTorch makes of images with them. */

import { type NetworkModel, readModel, weightsOf } from "../../src/engine/read-model.ts";
import type { Preparation } from "../../src/image/preparation.ts";
import type { Activation } from "../../src/models/activation.ts";
import type { ModelCard } from "../../src/models/card.ts";
import { float32, type Tensor } from "../../src/tensor.ts";
import { fixtureBytes, fixtureJson } from "../fixtures.ts";
import { seededImage } from "./seeded-image.ts";

/** One network and PyTorch's results. */
export interface NetworkCase {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  readonly activation: Activation;
  readonly results: readonly {
    /** Seed of the image. */
    readonly image: number;
    readonly logits: readonly number[];
    readonly probabilities: readonly number[];
  }[];
  readonly maps?: {
    readonly image: number;
    readonly shape: readonly [labels: number, height: number, width: number];
    readonly values: readonly number[];
  };
}

export const networkCase = (name: string): NetworkCase =>
  fixtureJson<NetworkCase>(`networks/${name}.expected.json`);

export const networkBytes = (name: string): Uint8Array => fixtureBytes(`networks/${name}.onnx`);

/** Load an ONNX file as a network. */
export async function networkOf(name: string, bytes: Uint8Array, card?: ModelCard): Promise<NetworkModel> {
  const model = weightsOf(await readModel({ name, bytes, ...(card === undefined ? {} : { card }) }));
  if (model.kind !== "network") throw new Error(`${name} was read as weights`);
  return model;
}

/** Seeded images as a batch. */
export function networkBatch(
  { channels, height, width }: NetworkCase,
  images: readonly number[],
): Tensor<"float32"> {
  const size = channels * height * width;
  const data = new Float32Array(images.length * size);
  for (const [i, seed] of images.entries()) data.set(seededImage(seed, channels, height, width), i * size);
  return float32([images.length, channels, height, width], data);
}

/** A preparation to this size. */
export const prepared = (width: number, height: number): Preparation => [
  { step: "rgb" },
  { step: "resize", width, height, resample: "pil" },
  { step: "normalise", scheme: "imagenet" },
];
