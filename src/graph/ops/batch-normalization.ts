/**
 * BatchNormalization with running statistics, per channel of [N, C, H, W]:
 *
 * y = weight · (x − running_mean) / √(running_var + epsilon) + bias
 *
 * With s = √(running_var + epsilon) and sums over batch and positions: ∂/∂x = g · weight / s,
 * ∂/∂weight = (Σ g · x − running_mean · Σ g) / s, ∂/∂bias = Σ g. Running statistics are measured, not trained. For
 * normalisation with the batch's own statistics, see `gradient/batch-norm.ts`.
 *
 * Reference: Ioffe and Szegedy, 2015; torch.nn.BatchNorm2d in eval mode.
 */
import type { OpDefinition, Value } from "../core/graph.ts";
import { imageShape, misfit, take } from "../core/shapes.ts";
import { add } from "./add.ts";
import { channelSums } from "./channel-sums.ts";
import { div } from "./div.ts";
import { mul } from "./mul.ts";
import { reshape } from "./reshape.ts";
import { sqrt } from "./sqrt.ts";
import { sub } from "./sub.ts";

export interface BatchNormalizationAttributes {
  readonly epsilon: number;
}

/** The four per-channel tensors of a batch norm, under PyTorch's names. */
export interface BatchNormParameters {
  readonly weight: Value;
  readonly bias: Value;
  readonly running_mean: Value;
  readonly running_var: Value;
}

/** √(variance + epsilon), elementwise. */
export function deviation(variance: Value, epsilon: number): Value {
  return sqrt(add(variance, variance.graph.scalar(epsilon)));
}

const batchNormalizationOp: OpDefinition<BatchNormalizationAttributes> = {
  type: "BatchNormalization",
  infer(inputs) {
    const [x, ...perChannel] = take("BatchNormalization", inputs, 5);
    const { c } = imageShape("BatchNormalization", x!);
    if (perChannel.some(({ shape }) => shape.length !== 1 || shape[0] !== c)) {
      throw misfit("BatchNormalization", `needs four tensors of shape [${c}]`, inputs);
    }
    return x!;
  },
  onnx: ({ epsilon }) => ({ epsilon: { float: epsilon } }),
  gradient({ inputs: [x, weight, bias, mean, variance], attributes: { epsilon }, gradient }) {
    const [channels] = bias!.shape;
    const s = () => deviation(variance!, epsilon);
    return [
      () => mul(gradient, reshape(div(weight!, s()), [1, channels!, 1, 1])),
      () => div(sub(channelSums(mul(gradient, x!)), mul(mean!, channelSums(gradient))), s()),
      () => channelSums(gradient),
      undefined,
      undefined,
    ];
  },
};

/** Normalise with running statistics. `epsilon` defaults to PyTorch's value. */
export function batchNormalization(x: Value, parameters: BatchNormParameters, epsilon = 1e-5): Value {
  const { weight, bias, running_mean, running_var } = parameters;
  return x.graph.add(batchNormalizationOp, [x, weight, bias, running_mean, running_var], { epsilon });
}
