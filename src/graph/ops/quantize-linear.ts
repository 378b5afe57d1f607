/**
 * QuantizeLinear: float32 to integers, y = clamp(round(x / scale) + zeroPoint), with halves rounded to even, clamped to
 * the range of the zero point's dtype, int8 or uint8.
 *
 * Scale and zero point are scalars, or have one element per position along an axis.
 */
import type { OpDefinition, Value } from "../core/graph.ts";
import { checkQuantised, type QuantisedAttributes } from "../core/quantised.ts";
import { misfit } from "../core/shapes.ts";

const quantizeLinearOp: OpDefinition<QuantisedAttributes> = {
  type: "QuantizeLinear",
  infer(inputs, attributes) {
    const { numbers, codes } = checkQuantised("QuantizeLinear", inputs, attributes);
    if (numbers.dtype !== "float32") throw misfit("QuantizeLinear", "quantises float32 numbers", inputs);
    return { dtype: codes, shape: numbers.shape };
  },
  onnx: ({ axis }) => ({ axis }),
  gradient: { noGradient: "rounding is flat wherever it has a slope" },
};

/** Quantise. `axis` is the axis that the scale runs along, unless it is a scalar. */
export function quantizeLinear(x: Value, scale: Value, zeroPoint: Value, axis = 1): Value {
  return x.graph.add(quantizeLinearOp, [x, scale, zeroPoint], { axis });
}
