/**
 * BatchNormalization with running statistics, per channel of [N, C, H, W]:
 *
 * y = weight · (x − running_mean) / √(running_var + epsilon) + bias
 *
 * Reference: Ioffe and Szegedy, 2015; torch.nn.BatchNorm2d in eval mode.
 */
import type { OpDefinition, Value } from "../graph.ts";
import { imageShape, misfit, take } from "../shapes.ts";

export interface BatchNormalizationAttributes {
  readonly epsilon: number;
}

/** The four per-channel tensors of a batch norm, named as PyTorch names them. */
export interface BatchNormParameters {
  readonly weight: Value;
  readonly bias: Value;
  readonly running_mean: Value;
  readonly running_var: Value;
}

export const batchNormalizationOp: OpDefinition<BatchNormalizationAttributes> = {
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
};

/** Normalise with running statistics; `epsilon` is PyTorch's default unless given. */
export function batchNormalization(x: Value, parameters: BatchNormParameters, epsilon = 1e-5): Value {
  const { weight, bias, running_mean, running_var } = parameters;
  return x.graph.add(batchNormalizationOp, [x, weight, bias, running_mean, running_var], { epsilon });
}
