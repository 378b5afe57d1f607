/**
 * From the weights of one convolution to codes.
 *
 * Knows: numbers. Not layers.
 *
 * Codes run from −64 to 64. Processors with AVX2 but without VNNI add the products of two pairs of codes in 16 bits, where
 * 255 · 64 · 2 fits and 255 · 127 · 2 does not; with more bits a file would give other results there.
 */

import { WEIGHT_MAX } from "./int8-densenet.ts";

/** Largest size of a bias, so that no sum of products added to it leaves int32. */
const OFFSET_MAX = 2 ** 30;

/** Fractions of the largest weight at which larger ones may be cut off. */
const CUTS = Array.from({ length: 33 }, (_, i) => 1 - i / 64);

/** Whole number nearest to x; halves go up. */
const nearest = (x: number, most: number): number => Math.max(-most, Math.min(most, Math.round(x)));

/** Codes of one output channel: code · scale is the weight. */
export interface Row {
  readonly codes: Int8Array;
  /** 0 if all weights are 0. */
  readonly scale: number;
}

/** Choose the scale of some weights with the least squared error, and round to it. */
export function weightCodes(weights: Float32Array): Row {
  const largest = weights.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0);
  if (largest === 0) return { codes: new Int8Array(weights.length), scale: 0 };
  let best = { scale: 0, error: Number.POSITIVE_INFINITY };
  for (const cut of CUTS) {
    const scale = (cut * largest) / WEIGHT_MAX;
    let error = 0;
    for (const weight of weights) error += (weight - scale * nearest(weight / scale, WEIGHT_MAX)) ** 2;
    if (error < best.error) best = { scale, error };
  }
  const { scale } = best;
  return { codes: Int8Array.from(weights, (weight) => nearest(weight / scale, WEIGHT_MAX)), scale };
}

/** The codes of a convolution in the order of its output channels. */
export interface Kernel {
  readonly codes: Int8Array;
  readonly scales: Float32Array;
  readonly offsets: Int32Array;
}

/** One output channel: y = slope · scale · Σ codes · x + bias, where code 1 of x stands for `unit`. */
export interface Channel {
  readonly row: Row;
  readonly slope: number;
  readonly bias: number;
}

/**
 * Write channels as codes, scales above 0, and biases.
 *
 * The sign of a slope moves into the codes. If the scale is so small beside the bias that the bias does not fit, as in a
 * channel that is switched off, the scale is enlarged and the codes become smaller.
 */
export function kernelOf(channels: readonly Channel[], unit: number): Kernel {
  const length = channels[0]!.row.codes.length;
  const codes = new Int8Array(channels.length * length);
  const scales = new Float32Array(channels.length);
  const offsets = new Int32Array(channels.length);
  for (const [i, { row, slope, bias }] of channels.entries()) {
    const wanted = row.scale * slope;
    const smallest = Math.abs(bias) / unit / OFFSET_MAX;
    const scale = Math.fround(Math.max(Math.abs(wanted), smallest, 2 ** -100));
    for (let k = 0; k < length; k++) codes[i * length + k] = Math.round((row.codes[k]! * wanted) / scale);
    scales[i] = scale;
    offsets[i] = nearest(bias / (scale * unit), OFFSET_MAX);
  }
  return { codes, scales, offsets };
}
