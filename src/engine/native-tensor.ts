/**
 * Tensors as ONNX Runtime's JavaScript interface has them, in Node and in a browser, and as they are here.
 *
 * Pipeline:   tensor → **runtime's tensor** → session → **tensor**
 * Knows:      dtypes and array types. Not which runtime it is.
 */

import { XrayError } from "../errors.ts";
import {
  bytesOf,
  type DType,
  type ElementArrays,
  elementsFromBytes,
  ITEM_SIZE,
  type Tensor,
  tensorOf,
} from "../tensor.ts";

/** Tensors of the runtime have the names that dtypes have here. Not every dtype has one there. */
export type NativeDType = Exclude<DType, "bfloat16">;

/** What a runtime's tensor shows of itself. */
export interface NativeTensor {
  readonly type: string;
  readonly data: unknown;
  readonly dims: readonly number[];
}

function unsupported(dtype: string): XrayError {
  return new XrayError(
    "runtime/unsupported-dtype",
    `ONNX Runtime's tensors in JavaScript cannot hold ${dtype}: cast inputs and outputs of the model to another type`,
    { dtype },
  );
}

/**
 * The same elements as a tensor of the runtime's, without a copy.
 *
 * @param make  Makes one of the runtime's.
 * @throws      XrayError `runtime/unsupported-dtype`.
 */
export function toNative<T>(
  { dtype, data, shape }: Tensor,
  make: (type: NativeDType, data: ElementArrays[NativeDType], dims: readonly number[]) => T,
): T {
  if (dtype === "bfloat16") throw unsupported(dtype);
  return make(dtype, data, shape);
}

/** The same elements as a tensor of ours, without a copy. Throws XrayError `runtime/unsupported-dtype`. */
export function fromNative({ type, data, dims }: NativeTensor): Tensor {
  if (!(type in ITEM_SIZE)) throw unsupported(type);
  // A newer engine has an array type for float16, whose bits are asked for here.
  const bits = type === "float16" ? elementsFromBytes(type, bytesOf(data as ArrayBufferView)) : data;
  return tensorOf(type as NativeDType, dims, bits as ElementArrays[NativeDType]);
}
