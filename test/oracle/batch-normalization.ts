import { type Array64, at, fill } from "./array.ts";

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
