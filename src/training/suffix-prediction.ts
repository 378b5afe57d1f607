/**
 * Logits of examples under the current weights: the suffix, compiled for prediction.
 *
 * Knows: sessions and feature sources.
 */

import { onnxModel } from "../graph/onnx/model.ts";
import { runFloat32, type SessionFactory, type SessionOptions } from "../graph/session.ts";
import { float32, type Tensor } from "../tensor.ts";
import type { FeatureSource } from "./loop.ts";
import { SUFFIX_PORTS, suffixGraph, type Unfreeze } from "./suffix.ts";

/** Examples per run. */
const BATCH = 32;

/** The suffix to predict with. */
export interface SuffixShape {
  readonly unfreeze: Unfreeze;
  readonly shape: readonly number[];
  readonly numLabels: number;
}

/**
 * Predict examples without augmentation.
 *
 * @returns  Logits [examples, labels] of the examples whose image could be read, and the list of these examples.
 */
export async function predictSuffix(
  suffix: SuffixShape,
  tensors: ReadonlyMap<string, Tensor>,
  source: FeatureSource,
  examples: Uint32Array,
  createSession: SessionFactory,
  options: SessionOptions,
): Promise<{ logits: Float32Array; examples: Uint32Array }> {
  const { unfreeze, shape, numLabels } = suffix;
  const session = await createSession(onnxModel(suffixGraph(unfreeze, shape, numLabels), tensors), options);
  const logits: number[] = [];
  const there: number[] = [];
  try {
    for (let from = 0; from < examples.length; from += BATCH) {
      const loaded = await source.load(examples.slice(from, from + BATCH), null);
      if (loaded.examples.length === 0) continue;
      const feeds = {
        [SUFFIX_PORTS.features]: float32([loaded.examples.length, ...shape], loaded.features),
      };
      const results = await runFloat32(session, feeds);
      logits.push(...results[SUFFIX_PORTS.logits]!.data);
      there.push(...loaded.examples);
    }
  } finally {
    await session.release();
  }
  return { logits: Float32Array.from(logits), examples: Uint32Array.from(there) };
}
