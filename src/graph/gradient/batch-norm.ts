/**
 * Batch normalisation for training, with as few passes over the images as possible.
 *
 * A normalisation is one scale and one shift per channel, a = weight / √(variance + epsilon) and b = bias − mean · a.
 * These are vectors of length C, through which gradients cost nothing. Passes over images are what costs, and two of
 * them are shared:
 *
 * - Mean and variance belong to the features, not to the layer. In a dense block every layer normalises the same
 * features, so each feature is measured once; the statistics of concatenated features are the concatenated statistics.
 * - The gradients that all layers send to a feature's mean and variance are therefore vectors that add up, and reach
 *   the feature in one pass: with P = N·H·W, ∂/∂x = (∂mean + 2 · ∂variance · (x − mean)) / P.
 *
 * Knows:      ops and shapes.
 * Reference:  Ioffe and Szegedy, 2015; torch.nn.BatchNorm2d.
 */

import type { Value } from "../core/graph.ts";
import { extentsOf, imageShape } from "../core/shapes.ts";
import { type BatchNormParameters, deviation } from "../ops/batch-normalization.ts";
import { channelSums } from "../ops/channel-sums.ts";
import { concat, concatOp } from "../ops/concat.ts";
import { div } from "../ops/div.ts";
import { mul } from "../ops/mul.ts";
import { reshape } from "../ops/reshape.ts";
import { scaleShift } from "../ops/scale-shift.ts";
import { sub } from "../ops/sub.ts";

/** The mean and variance of a batch per channel, both [C]. */
export interface BatchStatistics {
  readonly mean: Value;
  /** Σ (x − mean)² / P: the biased variance, which normalises a batch. */
  readonly variance: Value;
}

const measured = new WeakMap<Value, BatchStatistics>();

function measure(x: Value): BatchStatistics {
  const { graph } = x;
  const { c } = imageShape("BatchStatistics", x);
  const share = graph.scalar(1 / extentsOf("BatchStatistics", x, [0, 2, 3]));
  const write = () => {
    const mean = mul(channelSums(x), share);
    const centred = sub(x, reshape(mean, [1, c, 1, 1]));
    return [mean, mul(channelSums(mul(centred, centred)), share)] as const;
  };
  const [mean, variance] = graph.composite("BatchStatistics", [x], write, ([mean], gradients) => [
    () => {
      const nothing = mul(mean, graph.scalar(0));
      const [ofMean, ofVariance] = gradients.map((gradient) => gradient ?? nothing);
      const slope = mul(mul(ofVariance!, share), graph.scalar(2));
      return scaleShift(x, slope, sub(mul(ofMean!, share), mul(slope, mean)));
    },
  ]);
  return { mean, variance };
}

/** The values that `x` was concatenated from along its channels; empty if it was not. */
function partsOf(x: Value): readonly Value[] {
  const maker = x.graph.makerOf(x);
  const isJoined = maker?.type === concatOp.type && maker.inputs[0]!.shape[1] !== x.shape[1];
  return isJoined ? maker.inputs : [];
}

/** The statistics of a batch, measured only once. */
export function batchStatistics(x: Value): BatchStatistics {
  const known = measured.get(x);
  if (known !== undefined) return known;
  const [first, ...others] = partsOf(x).map(batchStatistics);
  const join = (field: keyof BatchStatistics) =>
    concat([first![field], ...others.map((part) => part[field])], 0);
  const statistics = first === undefined ? measure(x) : { mean: join("mean"), variance: join("variance") };
  measured.set(x, statistics);
  return statistics;
}

/**
 * Normalise with a given mean and variance: y = weight · (x − mean) / √(variance + epsilon) + bias.
 *
 * @param x        [N, C, H, W]. With the batch's own statistics, all extents must be known.
 * @param epsilon  Defaults to PyTorch's value.
 */
export function normalise(
  x: Value,
  { weight, bias }: Pick<BatchNormParameters, "weight" | "bias">,
  { mean, variance }: BatchStatistics,
  epsilon = 1e-5,
): Value {
  const scale = div(weight, deviation(variance, epsilon));
  return scaleShift(x, scale, sub(bias, mul(mean, scale)));
}
