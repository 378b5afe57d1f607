import { type Array64, at, fill, indices } from "./array.ts";

/** y = weight · (x − mean) / √(variance + epsilon) + bias, per channel (axis 1). */
export function batchNormalization(
  x: Array64,
  weight: Array64,
  bias: Array64,
  mean: Array64,
  variance: Array64,
  epsilon: number,
): Array64 {
  return fill(x.shape, (index) => {
    const c = index[1]!;
    const deviation = Math.sqrt(variance.data[c]! + epsilon);
    return (weight.data[c]! * (at(x, index) - mean.data[c]!)) / deviation + bias.data[c]!;
  });
}

/** Mean and biased variance of each channel, both [C]. */
export function batchStatistics(x: Array64): { mean: Array64; variance: Array64 } {
  const share = x.shape[1]! / x.data.length;
  const ofChannel = (f: (value: number, c: number) => number) => {
    const totals = fill([x.shape[1]!], () => 0);
    for (const index of indices(x.shape)) totals.data[index[1]!]! += f(at(x, index), index[1]!) * share;
    return totals;
  };
  const mean = ofChannel((value) => value);
  return { mean, variance: ofChannel((value, c) => (value - mean.data[c]!) ** 2) };
}

/** Normalised with the batch's own statistics. */
export function batchNormOfBatch(x: Array64, weight: Array64, bias: Array64, epsilon = 1e-5): Array64 {
  const { mean, variance } = batchStatistics(x);
  return batchNormalization(x, weight, bias, mean, variance, epsilon);
}

/** y = x · scale + shift, per channel (axis 1). */
export function scaleShift(x: Array64, scale: Array64, shift: Array64): Array64 {
  return fill(x.shape, (index) => at(x, index) * scale.data[index[1]!]! + shift.data[index[1]!]!);
}
