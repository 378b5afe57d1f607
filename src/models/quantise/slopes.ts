/**
 * A batch norm as a slope for each channel.
 *
 * Knows: numbers.
 */

import type { Tensor } from "../../tensor.ts";

/** PyTorch's, as in `batchNormalization`. */
const EPSILON = 1e-5;

/** weight / √(running_var + ε) of each channel. */
export function slopesOf(norm: string, tensors: ReadonlyMap<string, Tensor>): Float64Array {
  const weight = tensors.get(`${norm}.weight`)!.data as Float32Array;
  const variance = tensors.get(`${norm}.running_var`)!.data as Float32Array;
  return Float64Array.from(weight, (w, i) => w / Math.sqrt(variance[i]! + EPSILON));
}
