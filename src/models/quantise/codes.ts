/**
 * From the weights of one convolution to codes.
 *
 * Knows: numbers. Not layers.
 *
 * Codes run from −64 to 64. Processors with AVX2 but without VNNI add the products of two pairs of codes in 16 bits, where
 * 255 · 64 · 2 fits and 255 · 127 · 2 does not; with more bits a file would give other results there.
 */

/** The largest code of a weight, which no processor's kernel overflows on. */
export const WEIGHT_MAX = 64;

/** Largest size of a bias, so that no sum of products added to it leaves int32. */
const OFFSET_MAX = 2 ** 30;

/** Whole number nearest to x; halves go up. */
const nearest = (x: number, most: number): number => Math.max(-most, Math.min(most, Math.round(x)));

/** Codes of one output channel: code · scale is the weight. */
export interface Row {
  readonly codes: Int8Array;
  /** 0 if all weights are 0. */
  readonly scale: number;
}

/** Codes of some weights: the largest becomes the largest code. */
export function weightCodes(weights: Float32Array): Row {
  let largest = 0;
  for (const weight of weights) largest = Math.max(largest, Math.abs(weight));
  const scale = largest / WEIGHT_MAX;
  if (scale === 0) return { codes: new Int8Array(weights.length), scale };
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
