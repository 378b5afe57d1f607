/**
 * DequantizeLinear: int8 or uint8 to float32, y = (x − zeroPoint) · scale.
 *
 * Scale and zero point are scalars, or have one element per position along an axis. Integers have no gradient;
 * ∂/∂scale = Σ g · (x − zeroPoint), over all elements with that scale.
 */
import type { OpDefinition, Value } from "../core/graph.ts";
import { checkQuantised, type QuantisedAttributes } from "../core/quantised.ts";
import { misfit } from "../core/shapes.ts";
import { cast } from "./cast.ts";
import { mul } from "./mul.ts";
import { reshape } from "./reshape.ts";
import { sub } from "./sub.ts";
import { sumTo } from "./sum-to.ts";

const dequantizeLinearOp: OpDefinition<QuantisedAttributes> = {
  type: "DequantizeLinear",
  infer(inputs, attributes) {
    const { numbers, codes } = checkQuantised("DequantizeLinear", inputs, attributes);
    if (numbers.dtype !== codes)
      throw misfit("DequantizeLinear", "the zero point is of another dtype", inputs);
    return { dtype: "float32", shape: numbers.shape };
  },
  onnx: ({ axis }) => ({ axis }),
  gradient: ({ inputs: [x, scale, zeroPoint], attributes: { axis }, gradient }) => [
    undefined,
    () => {
      // A scale per position along the axis needs a shape that broadcasts to x.
      const along = x!.shape.map((_, i) => (i === axis ? scale!.shape[0]! : 1));
      const shape = scale!.shape.length === 0 ? [] : along;
      const distance = sub(cast(x!, "float32"), reshape(cast(zeroPoint!, "float32"), shape));
      return reshape(sumTo(mul(gradient, distance), shape), scale!.shape);
    },
    undefined,
  ],
};

/** Dequantise. `axis` is the axis that the scale runs along, unless it is a scalar. */
export function dequantizeLinear(x: Value, scale: Value, zeroPoint: Value, axis = 1): Value {
  return x.graph.add(dequantizeLinearOp, [x, scale, zeroPoint], { axis });
}
