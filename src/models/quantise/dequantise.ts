/**
 * From codes back to weights.
 *
 * Knows: what `quantise` makes. Not files.
 */

import { sizeOf, type Tensor } from "../../tensor.ts";
import { makesFeatures } from "./packing.ts";
import { slopesOf } from "./slopes.ts";

/**
 * What an output channel's weights are multiplied by before they become codes: the norm's slope, or one over the step of its
 * features.
 */
function factorsOf(convolution: string, kept: ReadonlyMap<string, Tensor>): Float64Array {
  if (!makesFeatures(convolution)) return slopesOf(convolution.replace(/conv1$/, "norm2"), kept);
  return Float64Array.from(kept.get(`${convolution}.steps`)!.data as Float32Array, (step) => 1 / step);
}

/**
 * The weights of a convolution.
 *
 * @param shape  [M, C, k, k]
 * @param codes  By name: `<convolution>.codes` and `<convolution>.scales`.
 * @param kept   The norms and ranges, from `unpack`.
 * @returns      Weights; 0 for an output channel that its norm switches off, whose weights are not known.
 */
export function dequantised(
  convolution: string,
  shape: readonly number[],
  codes: ReadonlyMap<string, Tensor>,
  kept: ReadonlyMap<string, Tensor>,
): Tensor<"float32"> {
  const own = codes.get(`${convolution}.codes`)!.data as Int8Array;
  const scales = codes.get(`${convolution}.scales`)!.data as Float32Array;
  const factors = factorsOf(convolution, kept);
  const data = new Float32Array(sizeOf(shape));
  const length = data.length / shape[0]!;
  for (let i = 0; i < data.length; i++) {
    const m = Math.floor(i / length);
    data[i] = factors[m] === 0 ? 0 : (own[i]! * scales[m]!) / factors[m]!;
  }
  return { dtype: "float32", shape, data };
}
