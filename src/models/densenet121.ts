/**
 * DenseNet121, as torchvision writes it.
 *
 * Pipeline:   **architecture** → graph → ONNX bytes → session
 * Knows:      ops and parameter names. Not weights, files or images.
 * Reference:  Huang et al., Densely Connected Convolutional Networks, CVPR 2017;
 *             torchvision/models/densenet.py, whose module and parameter names are used throughout.
 */

import type { GraphBuilder, Value } from "../graph/graph.ts";
import { averagePool } from "../graph/ops/average-pool.ts";
import { type BatchNormParameters, batchNormalization } from "../graph/ops/batch-normalization.ts";
import { concat } from "../graph/ops/concat.ts";
import { conv } from "../graph/ops/conv.ts";
import { linear } from "../graph/ops/gemm.ts";
import { globalAveragePool } from "../graph/ops/global-average-pool.ts";
import { maxPool } from "../graph/ops/max-pool.ts";
import { relu } from "../graph/ops/relu.ts";
import { reshape } from "../graph/ops/reshape.ts";

const GROWTH_RATE = 32;
const BLOCK_CONFIG = [6, 12, 24, 16] as const;
const NUM_INIT_FEATURES = 64;
const BN_SIZE = 4;

/** Channels of `features.norm5`, which the classifier reads. */
export const NUM_FEATURES = 1024;

/** Below this extent nothing is left after five halvings. */
export const MIN_INPUT_SIZE = 64;

/** Parameters of one network, by torchvision's names; made on first use. */
class Parameters {
  readonly #graph: GraphBuilder;

  constructor(graph: GraphBuilder) {
    this.#graph = graph;
  }

  /** `Conv2d(in, out, kernel, bias=False)`. */
  conv(name: string, inChannels: number, outChannels: number, kernel: number): Value {
    return this.#graph.parameter(`${name}.weight`, [outChannels, inChannels, kernel, kernel]);
  }

  /** `BatchNorm2d(channels)`. */
  norm(name: string, channels: number): BatchNormParameters {
    const parameter = (field: string) => this.#graph.parameter(`${name}.${field}`, [channels]);
    return {
      weight: parameter("weight"),
      bias: parameter("bias"),
      running_mean: parameter("running_mean"),
      running_var: parameter("running_var"),
    };
  }

  /** `Linear(in, out)`. */
  linear(name: string, inFeatures: number, outFeatures: number): { weight: Value; bias: Value } {
    return {
      weight: this.#graph.parameter(`${name}.weight`, [outFeatures, inFeatures]),
      bias: this.#graph.parameter(`${name}.bias`, [outFeatures]),
    };
  }
}

function channels(x: Value): number {
  return x.shape[1] as number;
}

/** `_DenseLayer`: a 1×1 bottleneck and a 3×3 convolution that adds `GROWTH_RATE` channels. */
function denseLayer(p: Parameters, name: string, features: readonly [Value, ...Value[]]): Value {
  const width = BN_SIZE * GROWTH_RATE;
  const input = concat(features, 1);
  const relu1 = relu(batchNormalization(input, p.norm(`${name}.norm1`, channels(input))));
  const bottleneck = conv(relu1, p.conv(`${name}.conv1`, channels(input), width, 1));
  const relu2 = relu(batchNormalization(bottleneck, p.norm(`${name}.norm2`, width)));
  return conv(relu2, p.conv(`${name}.conv2`, width, GROWTH_RATE, 3), { padding: 1 });
}

/** `_DenseBlock`: every layer sees the outputs of all layers before it. */
function denseBlock(p: Parameters, name: string, input: Value, numLayers: number): Value {
  const features: [Value, ...Value[]] = [input];
  for (let i = 1; i <= numLayers; i++) {
    features.push(denseLayer(p, `${name}.denselayer${i}`, features));
  }
  return concat(features, 1);
}

/** `_Transition`: half the channels, half the resolution. */
function transition(p: Parameters, name: string, input: Value): Value {
  const normed = relu(batchNormalization(input, p.norm(`${name}.norm`, channels(input))));
  const squeezed = conv(normed, p.conv(`${name}.conv`, channels(input), channels(input) / 2, 1));
  return averagePool(squeezed, { kernel: 2, stride: 2 });
}

/** What the network computes on the way, for heads and heatmaps to build on. */
export interface DenseNet121 {
  /** Output of `features.norm5`, before the ReLU of torchvision's `forward`: [N, 1024, H/32, W/32]. */
  readonly features: Value;
  /** [numLabels, 1024]. */
  readonly classifierWeight: Value;
  /** [N, numLabels]. */
  readonly logits: Value;
}

/**
 * Write DenseNet121 in inference mode into the graph of `x`.
 *
 * @param x          [N, C, H, W], prepared; C becomes the input channels of `features.conv0`. H, W ≥ 64.
 * @param numLabels  Outputs of the classifier.
 * @throws           XrayError `graph/shape-mismatch` where the image is too small.
 */
export function densenet121(x: Value, numLabels: number): DenseNet121 {
  const p = new Parameters(x.graph);

  const conv0 = conv(x, p.conv("features.conv0", channels(x), NUM_INIT_FEATURES, 7), {
    stride: 2,
    padding: 3,
  });
  const relu0 = relu(batchNormalization(conv0, p.norm("features.norm0", NUM_INIT_FEATURES)));
  let features = maxPool(relu0, { kernel: 3, stride: 2, padding: 1 });

  for (const [i, numLayers] of BLOCK_CONFIG.entries()) {
    features = denseBlock(p, `features.denseblock${i + 1}`, features, numLayers);
    if (i + 1 < BLOCK_CONFIG.length) features = transition(p, `features.transition${i + 1}`, features);
  }
  features = batchNormalization(features, p.norm("features.norm5", NUM_FEATURES));

  const pooled = globalAveragePool(relu(features));
  const classifier = p.linear("classifier", NUM_FEATURES, numLabels);
  const logits = linear(reshape(pooled, [x.shape[0]!, NUM_FEATURES]), classifier.weight, classifier.bias);
  return { features, classifierWeight: classifier.weight, logits };
}
