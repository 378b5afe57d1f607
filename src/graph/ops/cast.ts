/** Cast: the same values in another dtype; true becomes 1. */
import type { DType } from "../../tensor.ts";
import type { OpDefinition, Value } from "../core/graph.ts";
import { take } from "../core/shapes.ts";
import { ONNX_DTYPE } from "../onnx/dtypes.ts";

export interface CastAttributes {
  readonly to: DType;
}

const castOp: OpDefinition<CastAttributes> = {
  type: "Cast",
  infer: (inputs, { to }) => ({ dtype: to, shape: take("Cast", inputs, 1)[0]!.shape }),
  onnx: ({ to }) => ({ to: ONNX_DTYPE[to] }),
  gradient: { noGradient: "it is used on conditions" },
};

export function cast(x: Value, to: DType): Value {
  return x.graph.add(castOp, [x], { to });
}
