/**
 * Networks part of whose weights are random.
 *
 * What was trained is shuffled within each tensor, so that the weights keep their distribution and lose what they mean.
 * The running statistics of the norms, which are not trained, stay.
 */

import type { DenseNetModel } from "../../src/engine/read-model.ts";
import { Random } from "../../src/random.ts";
import type { Tensor } from "../../src/tensor.ts";

/** Parts of the network from the last to the first, by the beginnings of their tensors' names. */
const PARTS = {
  classifier: ["classifier."],
  denseblock4: ["features.norm5.", "features.denseblock4."],
  denseblock3: ["features.transition3.", "features.denseblock3."],
  denseblock2: ["features.transition2.", "features.denseblock2."],
  denseblock1: ["features.transition1.", "features.denseblock1."],
  "first layers": ["features.norm0.", "features.conv0."],
} as const;

export type Part = keyof typeof PARTS;

/** Their names. */
export const PART_NAMES = Object.keys(PARTS) as readonly Part[];

function shuffled(tensor: Tensor, random: Random): Tensor {
  const { dtype, shape, data } = tensor;
  if (!(data instanceof Float32Array)) return tensor;
  return { dtype, shape, data: Float32Array.from(random.permutation(data.length), (i) => data[i]!) };
}

/** A model in which the weights of some parts are shuffled. */
export function randomised(model: DenseNetModel, parts: readonly Part[], seed: number): DenseNetModel {
  const starts = parts.flatMap((part) => [...PARTS[part]]);
  const isChanged = (name: string) =>
    /\.(weight|bias)$/.test(name) && starts.some((start) => name.startsWith(start));
  const tensors = [...model.tensors].map(([name, tensor]): [string, Tensor] => [
    name,
    isChanged(name) ? shuffled(tensor, Random.of(seed, "study weights", name)) : tensor,
  ]);
  return { ...model, tensors: new Map(tensors) };
}
