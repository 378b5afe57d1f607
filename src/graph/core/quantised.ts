/**
 * Shared code of the ops between float32 and quantised numbers: scale and zero point.
 *
 * Knows: shapes and dtypes.
 */

import type { DType } from "../../tensor.ts";
import type { ValueType } from "./graph.ts";
import { misfit, take } from "./shapes.ts";

export interface QuantisedAttributes {
  /** The axis along which scale and zero point have one element per position. Ignored if they are scalars. */
  readonly axis: number;
}

/** Check the types of numbers, scale and zero point. The zero point's dtype is that of the quantised numbers. */
export function checkQuantised(
  op: string,
  inputs: readonly ValueType[],
  { axis }: QuantisedAttributes,
): { numbers: ValueType; codes: DType } {
  const [numbers, scale, zeroPoint] = take(op, inputs, 3, "mixed");
  const codes = zeroPoint!.dtype;
  if (scale!.dtype !== "float32" || (codes !== "int8" && codes !== "uint8")) {
    throw misfit(op, "needs a float32 scale and an int8 or uint8 zero point", inputs);
  }
  const isScalar = scale!.shape.length === 0;
  const fits = isScalar || (scale!.shape.length === 1 && scale!.shape[0] === numbers!.shape[axis]);
  if (
    !fits ||
    scale!.shape.join() !== zeroPoint!.shape.join() ||
    zeroPoint!.shape.length !== scale!.shape.length
  ) {
    throw misfit(op, `needs scalars, or an element for each place along axis ${axis}`, inputs);
  }
  return { numbers: numbers!, codes };
}
