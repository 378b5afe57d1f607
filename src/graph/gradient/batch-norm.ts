/**
 * Batch normalisation as it is trained, and how its passes over an image are kept few.
 *
 * A normalisation is one scale and one shift per channel, a = weight / √(variance + epsilon) and b = bias − mean · a:
 * vectors of length C, through which gradients cost nothing. What costs are passes over images, and two are shared:
 *
 * - Mean and variance are an image's, not a layer's. In a dense block every layer normalises the same features, so they
 *   are measured once for each feature; those of joined features are theirs, joined.
 * - So all layers' gradients of a feature's mean and variance are vectors that add up, and reach the feature in one
 *   pass: with P = N·H·W, ∂/∂x = (∂mean + 2 · ∂variance · (x − mean)) / P.
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

/** A batch's mean and variance for each channel, both [C]. */
export interface BatchStatistics {
  readonly mean: Value;
  /** Σ (x − mean)² / P: the biased one, with which a batch is normalised. */
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

/** What `x` was joined from along its channels; nothing where it was not. */
function partsOf(x: Value): readonly Value[] {
  const maker = x.graph.makerOf(x);
  const isJoined = maker?.type === concatOp.type && maker.inputs[0]!.shape[1] !== x.shape[1];
  return isJoined ? maker.inputs : [];
}

/** A batch's statistics, measured once. */
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
 * Normalise with a mean and a variance from anywhere: y = weight · (x − mean) / √(variance + epsilon) + bias.
 *
 * @param x        [N, C, H, W]; with the batch's own statistics, all extents known.
 * @param epsilon  PyTorch's default unless given.
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
