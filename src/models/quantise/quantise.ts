/**
 * From a model's weights, and what was seen inside it, to its convolutions in whole numbers.
 *
 * Pipeline:   weights, histograms → **ranges → codes** → graph
 * Knows:      DenseNet121's layers. Not images or sessions.
 */

import { float32, type Tensor } from "../../tensor.ts";
import type { Codes } from "../codes.ts";
import { BLOCK_CONFIG } from "../densenet121.ts";
import { type Channel, kernelOf, type Row, WEIGHT_MAX, weightCodes } from "./codes.ts";
import { int8DenseNet } from "./int8-densenet.ts";
import { layerRanges } from "./layer-ranges.ts";
import type { Seen } from "./observe.ts";
import { PACKED, pack, STEM } from "./packing.ts";
import { type Criterion, chooseRange, type Range } from "./range.ts";
import { slopesOf } from "./slopes.ts";

/** How to choose codes. */
export interface QuantiseOptions {
  readonly criterion?: Criterion;
  /** Whether biases make up for the mean error that the rounding of weights causes; true by default. */
  readonly correct?: boolean;
}

/** A norm as a slope and a shift of each channel. */
interface Affine {
  readonly slopes: Float64Array;
  readonly shifts: Float64Array;
}

/** Makes the tensors of one network. */
class Quantiser {
  readonly #weights: ReadonlyMap<string, Tensor>;
  readonly #seen: ReadonlyMap<string, Seen>;
  readonly #options: Required<QuantiseOptions>;
  /** The graph's tensors. */
  readonly tensors = new Map<string, Tensor>();
  /** The ranges of features. */
  readonly kept = new Map<string, Tensor<"float32">>();

  constructor(
    weights: ReadonlyMap<string, Tensor>,
    seen: ReadonlyMap<string, Seen>,
    options: Required<QuantiseOptions>,
  ) {
    this.#weights = weights;
    this.#seen = seen;
    this.#options = options;
  }

  /** A norm as a slope and a shift of each channel. */
  #norm(name: string): Affine {
    const [bias, mean] = ["bias", "running_mean"].map(
      (field) => this.#weights.get(`${name}.${field}`)!.data as Float32Array,
    ) as [Float32Array, Float32Array];
    const slopes = slopesOf(name, this.#weights);
    return { slopes, shifts: Float64Array.from(bias, (b, i) => b - slopes[i]! * mean[i]!) };
  }

  /** The ranges of features, one for each channel. Keeps them. */
  features(name: string): Range[] {
    const ranges = this.#seen.get(name)!.histograms.map((histogram) => {
      const { low, step } = chooseRange(histogram, this.#options.criterion, name === STEM);
      // As float32 has them, so that every part of the network uses the same numbers.
      return { low: Math.fround(low), step: Math.fround(step) };
    });
    const keep = (field: string, of: (range: Range) => number) =>
      this.kept.set(`${name}.${field}`, float32([ranges.length], Float32Array.from(ranges, of)));
    keep("steps", ({ step }) => step);
    keep("lows", ({ low }) => low);
    return ranges;
  }

  /** The step of a rectified norm. Writes it. */
  #rectified(name: string): number {
    const { step } = chooseRange(this.#seen.get(name)!.histograms[0]!, this.#options.criterion, true);
    const rounded = Float32Array.of(step);
    this.tensors.set(`${name}.scale`, { dtype: "float32", shape: [], data: rounded });
    return rounded[0]!;
  }

  #kernel(name: string, channels: readonly Channel[], unit: number, shape: readonly number[]): void {
    const { codes, scales, offsets } = kernelOf(channels, unit);
    this.tensors.set(`${name}.codes`, { dtype: "int8", shape, data: codes });
    this.tensors.set(`${name}.scales`, { dtype: "float32", shape: [channels.length], data: scales });
    this.tensors.set(`${name}.offsets`, { dtype: "int32", shape: [channels.length], data: offsets });
  }

  /** A norm of features with its ReLU. The codes of its weights are signs; all else is in the scales. */
  rectifiedNorm(name: string, features: readonly Range[]): number {
    const { slopes, shifts } = this.#norm(name);
    const step = this.#rectified(name);
    const sign: Row = { codes: Int8Array.of(WEIGHT_MAX), scale: 1 / WEIGHT_MAX };
    const channels = features.map(({ low, step: own }, i) => ({
      row: sign,
      slope: slopes[i]! * own,
      bias: shifts[i]! + slopes[i]! * low,
    }));
    this.#kernel(name, channels, 1, [features.length, 1, 1, 1]);
    return step;
  }

  /** Codes of a convolution's weights, by output channel, and the mean error of each output that their rounding causes. */
  #rows(name: string, inputs: string): { rows: Row[]; errors: Float64Array; shape: readonly number[] } {
    const { shape, data } = this.#weights.get(`${name}.weight`) as Tensor<"float32">;
    const length = data.length / shape[0]!;
    const window = shape[2]! * shape[3]!;
    const { means } = this.#seen.get(inputs)!;
    const errors = new Float64Array(shape[0]!);
    const rows = Array.from({ length: shape[0]! }, (_, m) => {
      const weights = data.subarray(m * length, (m + 1) * length);
      const row = weightCodes(weights);
      if (this.#options.correct)
        for (let k = 0; k < length; k++)
          errors[m]! += (row.codes[k]! * row.scale - weights[k]!) * means[Math.floor(k / window)]!;
      return row;
    });
    return { rows, errors, shape };
  }

  /** A convolution with the norm and ReLU that follow it. Returns the step of the codes that it gives. */
  convNorm(name: string, norm: string, inputs: string, unit: number): number {
    const { rows, errors, shape } = this.#rows(name, inputs);
    const { slopes, shifts } = this.#norm(norm);
    const channels = rows.map((row, m) => ({
      row,
      slope: slopes[m]!,
      bias: shifts[m]! - slopes[m]! * errors[m]!,
    }));
    this.#kernel(name, channels, unit, shape);
    return this.#rectified(norm);
  }

  /** A convolution whose result is features. */
  conv(name: string, inputs: string, unit: number): Range[] {
    const { rows, errors, shape } = this.#rows(name, inputs);
    const ranges = this.features(name);
    const channels = rows.map((row, m) => {
      const { low, step } = ranges[m]!;
      return { row, slope: 1 / step, bias: (-low - errors[m]!) / step };
    });
    this.#kernel(name, channels, unit, shape);
    return ranges;
  }
}

/**
 * Quantise a DenseNet121.
 *
 * @param weights  Its tensors in float32, under torchvision's names.
 * @param seen     What an `Observer` saw on some images.
 */
export function quantise(
  weights: ReadonlyMap<string, Tensor>,
  seen: ReadonlyMap<string, Seen>,
  { criterion = "minmax", correct = true }: QuantiseOptions = {},
): Codes {
  const quantiser = new Quantiser(weights, seen, { criterion, correct });
  let features = quantiser.features(STEM);
  for (const [i, layers] of BLOCK_CONFIG.entries()) {
    for (let layer = 1; layer <= layers; layer++) {
      const name = `features.denseblock${i + 1}.denselayer${layer}`;
      const step1 = quantiser.rectifiedNorm(`${name}.norm1`, features);
      const step2 = quantiser.convNorm(`${name}.conv1`, `${name}.norm2`, `${name}.norm1`, step1);
      features = [...features, ...quantiser.conv(`${name}.conv2`, `${name}.norm2`, step2)];
    }
    if (i + 1 === BLOCK_CONFIG.length) continue;
    const name = `features.transition${i + 1}`;
    const step = quantiser.rectifiedNorm(`${name}.norm`, features);
    features = quantiser.conv(`${name}.conv`, `${name}.norm`, step);
  }
  return codesOf(quantiser.tensors, new Map([...weights, ...quantiser.kept]));
}

/**
 * A network in whole numbers.
 *
 * @param codes    Of its convolutions, with their scales and biases.
 * @param numbers  All norms, and the ranges of features; others are ignored.
 */
export function codesOf(codes: ReadonlyMap<string, Tensor>, numbers: ReadonlyMap<string, Tensor>): Codes {
  const stem = numbers.get(`${STEM}.steps`)!;
  return {
    tensors: new Map([...codes, [`${STEM}.steps`, stem], ...layerRanges(numbers)]),
    kept: new Map([[PACKED, pack(numbers)]]),
    write: int8DenseNet,
  };
}
