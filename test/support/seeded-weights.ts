/**
 * Untrained weights from a seed, the same on every machine: for tests and benchmarks.
 *
 * Every element is made from integers alone, so that every language can make the same weights, as
 * scripts/reference/seeded.py does for the reference numbers from PyTorch.
 */

import { type DenseNetWeights, expectedShapes } from "../../src/models/match.ts";
import type { Tensor } from "../../src/tensor.ts";

/** Numerical Recipes' linear congruential generator, mod 2³². */
function sequence(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    // The upper 24 bits, which fit a float32 exactly: 0 … 1.
    return (state >>> 8) / 2 ** 24;
  };
}

/** Bounds of the uniform distribution for one tensor; convolutions as He et al. (2015) scale them. */
function bounds(name: string, shape: readonly number[]): [number, number] {
  if (name.endsWith("running_mean")) return [-0.25, 0.25];
  if (name.endsWith("running_var")) return [0.5, 1.5];
  if (name.includes("norm") && name.endsWith("weight")) return [0.75, 1.25];
  if (name.includes("norm")) return [-0.25, 0.25];
  if (name.startsWith("classifier")) return [-0.125, 0.125];
  const fanIn = shape.slice(1).reduce((product, extent) => product * extent, 1);
  const bound = Math.fround(Math.sqrt(6 / fanIn));
  return [-bound, bound];
}

/** A DenseNet121 with made-up weights. */
export function seededWeights(seed: number, numLabels = 14, inChannels: 1 | 3 = 3): DenseNetWeights {
  const random = sequence(seed);
  const tensors = new Map<string, Tensor>();
  for (const [name, shape] of expectedShapes(inChannels, numLabels)) {
    if (name.endsWith("num_batches_tracked")) {
      tensors.set(name, { dtype: "int64", shape, data: BigInt64Array.of(0n) });
      continue;
    }
    const [low, high] = bounds(name, shape);
    const data = new Float32Array(shape.reduce((product, extent) => product * extent, 1));
    for (let i = 0; i < data.length; i++) data[i] = low + (high - low) * random();
    tensors.set(name, { dtype: "float32", shape, data });
  }
  return { inChannels, numLabels, tensors };
}
