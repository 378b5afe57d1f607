/**
 * DenseNet121 in whole numbers, from the stem's features to those of the last dense block.
 *
 * Pipeline:   **architecture** → graph → ONNX bytes → session
 * Knows:      ops and parameter names. Not weights or how their codes were chosen.
 *
 * ```
 * image ─ conv0, norm0, ReLU, pool0 (float32) ─► features as uint8
 * dense layer:  features ─ norm1 and ReLU as a depthwise convolution ─ conv1 with norm2 and ReLU ─ conv2 ─► 32 features,
 *               which are joined to the others as they are
 * transition:   norm and ReLU, depthwise ─ mean of 2 × 2, depthwise ─ conv
 * norm5, classifier (float32) ─► logits
 * ```
 *
 * Features have a range for each channel, which the scales of whoever reads them contain, so their own scale is 1. The mean
 * comes before the convolution, with which it commutes: a quarter of the work.
 */

import type { GraphWriter, Value } from "../../graph/core/graph.ts";
import { add } from "../../graph/ops/add.ts";
import { batchNormalization } from "../../graph/ops/batch-normalization.ts";
import { concat } from "../../graph/ops/concat.ts";
import { conv } from "../../graph/ops/conv.ts";
import { dequantizeLinear } from "../../graph/ops/dequantize-linear.ts";
import { linear } from "../../graph/ops/gemm.ts";
import { globalAveragePool } from "../../graph/ops/global-average-pool.ts";
import { maxPool } from "../../graph/ops/max-pool.ts";
import { type QLinearWindow, type Quantised, qlinearConv } from "../../graph/ops/qlinear-conv.ts";
import { quantizeLinear } from "../../graph/ops/quantize-linear.ts";
import { relu } from "../../graph/ops/relu.ts";
import { reshape } from "../../graph/ops/reshape.ts";
import {
  BLOCK_CONFIG,
  BOTTLENECK,
  type DenseNet121,
  GROWTH_RATE,
  NUM_FEATURES,
  NUM_INIT_FEATURES,
  type PartName,
} from "../densenet121.ts";
import { WEIGHT_MAX } from "./codes.ts";

const channelsOf = (x: Value): number => x.shape[1] as number;

/** Writes the modules of one network. */
class Int8Modules {
  readonly #graph: GraphWriter;
  /** The scale of features. */
  readonly #one: Value;

  constructor(graph: GraphWriter) {
    this.#graph = graph;
    this.#one = graph.scalar(1);
  }

  #floats(name: string, shape: readonly number[] = []): Value {
    return this.#graph.parameter(name, shape);
  }

  /** A batch norm in float32, under torchvision's names. */
  norm(name: string, x: Value): Value {
    const of = (field: string) => this.#floats(`${name}.${field}`, [channelsOf(x)]);
    return batchNormalization(x, {
      weight: of("weight"),
      bias: of("bias"),
      running_mean: of("running_mean"),
      running_var: of("running_var"),
    });
  }

  stem(image: Value): Quantised {
    const weight = this.#floats("features.conv0.weight", [NUM_INIT_FEATURES, channelsOf(image), 7, 7]);
    const conv0 = conv(image, weight, { stride: 2, padding: 3 });
    const pool0 = maxPool(relu(this.norm("features.norm0", conv0)), { kernel: 3, stride: 2, padding: 1 });
    const zeros = this.#graph.constant({
      dtype: "uint8",
      shape: [NUM_INIT_FEATURES],
      data: new Uint8Array(NUM_INIT_FEATURES),
    });
    const steps = this.#floats("features.pool0.steps", [NUM_INIT_FEATURES]);
    return { codes: quantizeLinear(pool0, steps, zeros, 1), scale: this.#one };
  }

  /** A convolution with its codes. Without `rectified`, it makes features. */
  conv(
    name: string,
    x: Quantised,
    out: number,
    kernel: number,
    rectified: string | undefined,
    window: QLinearWindow = {},
  ): Quantised {
    const perGroup = channelsOf(x.codes) / (window.groups ?? 1);
    const codes = {
      weight: this.#graph.parameter(`${name}.codes`, [out, perGroup, kernel, kernel], "int8"),
      scales: this.#floats(`${name}.scales`, [out]),
      bias: this.#graph.parameter(`${name}.offsets`, [out], "int32"),
    };
    return qlinearConv(
      x,
      codes,
      rectified === undefined ? this.#one : this.#floats(`${rectified}.scale`),
      window,
    );
  }

  /** A batch norm of features with its ReLU. */
  rectifiedNorm(name: string, x: Quantised): Quantised {
    const groups = channelsOf(x.codes);
    return this.conv(name, x, groups, 1, name, { groups });
  }

  /** Means of 2 × 2 codes, with the same scale. */
  mean(x: Quantised): Quantised {
    const channels = channelsOf(x.codes);
    const { graph } = x.codes;
    const weight = graph.constant({
      dtype: "int8",
      shape: [channels, 1, 2, 2],
      data: new Int8Array(channels * 4).fill(WEIGHT_MAX),
    });
    const scales = graph.constant({
      dtype: "float32",
      shape: [channels],
      data: new Float32Array(channels).fill(1 / (4 * WEIGHT_MAX)),
    });
    const bias = graph.constant({ dtype: "int32", shape: [channels], data: new Int32Array(channels) });
    return qlinearConv(x, { weight, scales, bias }, x.scale, { stride: 2, groups: channels });
  }

  denseLayer(name: string, features: Quantised): Quantised {
    const rectified = this.rectifiedNorm(`${name}.norm1`, features);
    const bottleneck = this.conv(`${name}.conv1`, rectified, BOTTLENECK, 1, `${name}.norm2`);
    const added = this.conv(`${name}.conv2`, bottleneck, GROWTH_RATE, 3, undefined, { padding: 1 });
    return { codes: concat([features.codes, added.codes], 1), scale: this.#one };
  }

  denseBlock(name: string, features: Quantised, layers: number): Quantised {
    let joined = features;
    for (let i = 1; i <= layers; i++) joined = this.denseLayer(`${name}.denselayer${i}`, joined);
    return joined;
  }

  transition(name: string, features: Quantised): Quantised {
    const rectified = this.rectifiedNorm(`${name}.norm`, features);
    return this.conv(`${name}.conv`, this.mean(rectified), channelsOf(features.codes) / 2, 1, undefined);
  }

  /** Codes of features as float32. */
  features(name: string, { codes }: Quantised): Value {
    const channels = channelsOf(codes);
    const zeros = this.#graph.constant({ dtype: "uint8", shape: [channels], data: new Uint8Array(channels) });
    const numbers = dequantizeLinear(codes, this.#floats(`${name}.steps`, [channels]), zeros, 1);
    return add(numbers, reshape(this.#floats(`${name}.lows`, [channels]), [1, channels, 1, 1]));
  }

  linear(name: string, x: Value, out: number): { weight: Value; y: Value } {
    const weight = this.#floats(`${name}.weight`, [out, NUM_FEATURES]);
    return { weight, y: linear(x, weight, this.#floats(`${name}.bias`, [out])) };
  }
}

/**
 * Write the network into the graph of an image.
 *
 * @param image  [N, C, H, W], prepared, with H, W ≥ 64.
 * @returns      As `densenet121`. The output of a layer before norm5 becomes float32 when it is asked for.
 * @throws       XrayError `graph/shape-mismatch` if the image is too small.
 */
export function int8DenseNet(image: Value, numLabels: number): DenseNet121 {
  const modules = new Int8Modules(image.graph);
  const codes = new Map<string, Quantised>();
  let features = modules.stem(image);
  for (const [i, layers] of BLOCK_CONFIG.entries()) {
    const [block, transition] = [`denseblock${i + 1}`, `transition${i + 1}`];
    features = modules.denseBlock(`features.${block}`, features, layers);
    codes.set(block, features);
    if (i + 1 === BLOCK_CONFIG.length) break;
    features = modules.transition(`features.${transition}`, features);
    codes.set(transition, features);
  }
  const last = modules.features("features.denseblock4", features);
  const norm5 = modules.norm("features.norm5", last);
  const pool = reshape(globalAveragePool(relu(norm5)), [image.shape[0]!, NUM_FEATURES]);
  const { weight, y } = modules.linear("classifier", pool, numLabels);
  const written = new Map<PartName, Value>([
    ["denseblock4", last],
    ["norm5", norm5],
    ["pool", pool],
  ]);
  const get = (name: PartName): Value | undefined => {
    const layer = codes.get(name);
    if (!written.has(name) && layer !== undefined)
      written.set(name, modules.features(`features.${name}`, layer));
    return written.get(name);
  };
  return { outputs: { get }, classifierWeight: weight, logits: y };
}
