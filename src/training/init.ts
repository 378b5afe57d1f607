/**
 * Initial weights: random ones as PyTorch makes them, and a new classifier for any backbone.
 *
 * Knows:      the network's parameters. Not files.
 * Reference:  torchvision.models.DenseNet (He et al., 2015, normal, fan in) and torch.nn.Linear (uniform within
 *             1 / √fan in). The random numbers come from our own generator, not from PyTorch's.
 */

import type { DenseNetWeights } from "../models/match.ts";
import { expectedShapes } from "../models/match.ts";
import { Random } from "../random.ts";
import { sizeOf, type Tensor } from "../tensor.ts";

const CLASSIFIER = ["classifier.weight", "classifier.bias"] as const;

function float32Tensor(shape: readonly number[], make: () => number): Tensor<"float32"> {
  return { dtype: "float32", shape, data: Float32Array.from({ length: sizeOf(shape) }, make) };
}

/** The initial value of one tensor, drawn from a stream of its own. */
function initial(name: string, shape: readonly number[], fanIn: number, seed: number): Tensor {
  const random = Random.of(seed, "init", name);
  if (name.endsWith("num_batches_tracked")) return { dtype: "int64", shape, data: BigInt64Array.of(0n) };
  if (name.startsWith("classifier")) {
    const bound = 1 / Math.sqrt(fanIn);
    return float32Tensor(shape, () => random.uniform(-bound, bound));
  }
  if (shape.length === 4) return float32Tensor(shape, () => random.normal() * Math.sqrt(2 / fanIn));
  const isOne = name.endsWith(".weight") || name.endsWith("running_var");
  return float32Tensor(shape, () => (isOne ? 1 : 0));
}

/** A DenseNet121 initialised as in PyTorch. The same seed gives the same weights. */
export function randomWeights(seed: number, numLabels: number, inChannels: 1 | 3 = 3): DenseNetWeights {
  const shapes = expectedShapes(inChannels, numLabels);
  const fanInOfClassifier = shapes.get("classifier.weight")![1]!;
  const tensors = new Map<string, Tensor>();
  for (const [name, shape] of shapes) {
    const fanIn = name.startsWith("classifier") ? fanInOfClassifier : sizeOf(shape.slice(1));
    tensors.set(name, initial(name, shape, fanIn, seed));
  }
  return { inChannels, numLabels, tensors };
}

/** A backbone with a new classifier, unless its own already fits. */
export function withClassifier(
  backbone: DenseNetWeights,
  numLabels: number,
  seed: number,
): { weights: DenseNetWeights; isNew: boolean } {
  if (backbone.numLabels === numLabels) return { weights: backbone, isNew: false };
  const tensors = new Map(backbone.tensors);
  const { shape } = backbone.tensors.get("classifier.weight")!;
  const width = shape[1]!;
  for (const name of CLASSIFIER) {
    const wanted = name.endsWith("weight") ? [numLabels, width] : [numLabels];
    tensors.set(name, initial(name, wanted, width, seed));
  }
  return { weights: { ...backbone, numLabels, tensors }, isNew: true };
}
