/**
 * DenseNet121 as torchvision defines it.
 *
 * Pipeline:   **architecture** → graph → ONNX bytes → session
 * Knows:      ops and parameter names. Not weights, files or images.
 * Reference:  Huang et al., Densely Connected Convolutional Networks, CVPR 2017;
 *             torchvision/models/densenet.py, whose module and parameter names are used throughout.
 */

import type { GraphWriter, Value } from "../graph/core/graph.ts";
import { averagePool } from "../graph/ops/average-pool.ts";
import { type BatchNormParameters, batchNormalization } from "../graph/ops/batch-normalization.ts";
import { concat } from "../graph/ops/concat.ts";
import { conv } from "../graph/ops/conv.ts";
import { linear } from "../graph/ops/gemm.ts";
import { globalAveragePool } from "../graph/ops/global-average-pool.ts";
import { maxPool } from "../graph/ops/max-pool.ts";
import { relu } from "../graph/ops/relu.ts";
import { reshape } from "../graph/ops/reshape.ts";

/** Channels that each dense layer adds. */
export const GROWTH_RATE = 32;
/** Dense layers of each dense block. */
export const BLOCK_CONFIG = [6, 12, 24, 16] as const;
/** Channels of `features.conv0`. */
export const NUM_INIT_FEATURES = 64;
const BN_SIZE = 4;
/** Channels between the two convolutions of a dense layer. */
export const BOTTLENECK = BN_SIZE * GROWTH_RATE;

/** Channels of `features.norm5`, which the classifier reads. */
export const NUM_FEATURES = 1024;

/** How a batch norm is computed. By default, running statistics are used. */
export type Norm = (x: Value, parameters: BatchNormParameters, name: string) => Value;

const inferenceNorm: Norm = (x, parameters) => batchNormalization(x, parameters);

function channels(x: Value): number {
  return x.shape[1] as number;
}

/** Writes the modules of one network, with torchvision's names for their parameters. */
class Modules {
  readonly #graph: GraphWriter;
  readonly #norm: Norm;

  constructor(graph: GraphWriter, norm: Norm) {
    this.#graph = graph;
    this.#norm = norm;
  }

  /** `Conv2d(channels, out, kernel, bias=False)`. */
  conv(
    name: string,
    x: Value,
    out: number,
    kernel: number,
    window: { stride?: number; padding?: number } = {},
  ): Value {
    return conv(x, this.#graph.parameter(`${name}.weight`, [out, channels(x), kernel, kernel]), window);
  }

  /** `BatchNorm2d(channels)`. */
  norm(name: string, x: Value): Value {
    const parameter = (field: string) => this.#graph.parameter(`${name}.${field}`, [channels(x)]);
    const parameters = {
      weight: parameter("weight"),
      bias: parameter("bias"),
      running_mean: parameter("running_mean"),
      running_var: parameter("running_var"),
    };
    return this.#norm(x, parameters, name);
  }

  /** `Linear(in, out)`: its weight and its output. */
  linear(name: string, x: Value, out: number): { weight: Value; y: Value } {
    const weight = this.#graph.parameter(`${name}.weight`, [out, channels(x)]);
    return { weight, y: linear(x, weight, this.#graph.parameter(`${name}.bias`, [out])) };
  }

  /** `_DenseLayer`: a 1×1 bottleneck, then a 3×3 convolution with `GROWTH_RATE` output channels. */
  denseLayer(name: string, features: Value): Value {
    const relu1 = relu(this.norm(`${name}.norm1`, features));
    const bottleneck = this.conv(`${name}.conv1`, relu1, BOTTLENECK, 1);
    const relu2 = relu(this.norm(`${name}.norm2`, bottleneck));
    return this.conv(`${name}.conv2`, relu2, GROWTH_RATE, 3, { padding: 1 });
  }

  /** `_DenseBlock`: every layer sees the outputs of all layers before it. */
  denseBlock(name: string, input: Value, numLayers: number): Value {
    let features = input;
    for (let i = 1; i <= numLayers; i++) {
      features = concat([features, this.denseLayer(`${name}.denselayer${i}`, features)], 1);
    }
    return features;
  }

  /** `_Transition`: half the channels, half the resolution. */
  transition(name: string, input: Value): Value {
    const normed = relu(this.norm(`${name}.norm`, input));
    const squeezed = this.conv(`${name}.conv`, normed, channels(input) / 2, 1);
    return averagePool(squeezed, { kernel: 2, stride: 2 });
  }
}

/** A part of the network, which computes features from those of the part before. */
type Part = (modules: Modules, x: Value) => Value;

const stem: Part = (m, x) => {
  const conv0 = m.conv("features.conv0", x, NUM_INIT_FEATURES, 7, { stride: 2, padding: 3 });
  return maxPool(relu(m.norm("features.norm0", conv0)), { kernel: 3, stride: 2, padding: 1 });
};

const block = (number: number): Part => {
  return (m, x) => m.denseBlock(`features.denseblock${number}`, x, BLOCK_CONFIG[number - 1]!);
};

const transition = (number: number): Part => {
  return (m, x) => m.transition(`features.transition${number}`, x);
};

/** What follows norm5, without the classifier: [N, 1024, H/32, W/32] → [N, 1024]. */
const pool: Part = (_, x) => reshape(globalAveragePool(relu(x)), [x.shape[0]!, NUM_FEATURES]);

const PARTS = {
  stem,
  denseblock1: block(1),
  transition1: transition(1),
  denseblock2: block(2),
  transition2: transition(2),
  denseblock3: block(3),
  transition3: transition(3),
  denseblock4: block(4),
  norm5: (m: Modules, x: Value) => m.norm("features.norm5", x),
  pool,
} as const satisfies Record<string, Part>;

/** The parts of the network before its classifier, in order. */
export type PartName = keyof typeof PARTS;

export const PART_NAMES = Object.keys(PARTS) as readonly PartName[];

/** The parts at which heatmaps can be taken, which are modules of torchvision's `features`. */
export type HeatmapLayer = Exclude<PartName, "stem" | "pool">;

/** The layers for heatmaps, from last to first. */
export const HEATMAP_LAYERS: readonly HeatmapLayer[] = PART_NAMES.filter(
  (name) => name !== "stem" && name !== "pool",
).toReversed();

/** The part that reads a layer's output. */
export function partAfter(layer: HeatmapLayer): PartName {
  return PART_NAMES[PART_NAMES.indexOf(layer) + 1]!;
}

/** The layer whose output a layer reads; undefined for the first. */
export const partBefore = (layer: HeatmapLayer): HeatmapLayer | undefined =>
  HEATMAP_LAYERS.find((candidate) => partAfter(candidate) === layer);

/** Whether a layer only halves channels and resolution. */
export const isTransition = (layer: HeatmapLayer): boolean => layer.startsWith("transition");

/** What the network computes, for heads and heatmaps to build on. */
export interface DenseNet121 {
  /** The output of each part that was written. For `norm5` it is taken before the ReLU in torchvision's `forward`. */
  readonly outputs: Pick<ReadonlyMap<PartName, Value>, "get">;
  /** [numLabels, 1024]. */
  readonly classifierWeight: Value;
  /** [N, numLabels]. */
  readonly logits: Value;
}

/** The parts from `from`, included, to `before`, excluded; `classifier` stands for the end. */
function partsBetween(from: PartName | "classifier", before: PartName | "classifier"): readonly PartName[] {
  const index = (name: PartName | "classifier") =>
    name === "classifier" ? PART_NAMES.length : PART_NAMES.indexOf(name);
  return PART_NAMES.slice(index(from), index(before));
}

/**
 * Write the parts of the network before `until`, in inference mode.
 *
 * @param x  [N, C, H, W], prepared.
 * @returns  The input of `until`: [N, C', H', W'], or [N, 1024] for the classifier.
 */
export function densenet121Until(x: Value, until: PartName | "classifier"): Value {
  const modules = new Modules(x.graph, inferenceNorm);
  return partsBetween("stem", until).reduce((features, name) => PARTS[name](modules, features), x);
}

/**
 * Write DenseNet121, or its parts from `from` on, into the graph of `x`.
 *
 * @param x          Input of the first part. For the whole network: [N, C, H, W], prepared, with H, W ≥ 64; C becomes
 *                   the number of input channels of `features.conv0`.
 * @param numLabels  Outputs of the classifier.
 * @param from       The first part that is written.
 * @param norm       How batch norms are computed.
 * @throws           XrayError `graph/shape-mismatch` if the image is too small.
 */
export function densenet121(
  x: Value,
  numLabels: number,
  from: PartName | "classifier" = "stem",
  norm: Norm = inferenceNorm,
): DenseNet121 {
  const modules = new Modules(x.graph, norm);
  const outputs = new Map<PartName, Value>();
  let features = x;
  for (const name of partsBetween(from, "classifier")) {
    features = PARTS[name](modules, features);
    outputs.set(name, features);
  }
  const { weight, y } = modules.linear("classifier", features, numLabels);
  return { outputs, classifierWeight: weight, logits: y };
}
