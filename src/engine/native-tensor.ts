/**
 * Converts between our tensors and those of ONNX Runtime's JavaScript interface, in Node and in a browser.
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

/** The runtime's tensors use the same names for dtypes, but lack some of them. */
export type NativeDType = Exclude<DType, "bfloat16">;

/** The properties that a runtime's tensor exposes. */
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
 * The same elements as a tensor of the runtime, without a copy.
 *
 * @param make  Makes a tensor of the runtime.
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
  // Newer engines have an array type for float16, where we want the bits.
  const bits = type === "float16" ? elementsFromBytes(type, bytesOf(data as ArrayBufferView)) : data;
  return tensorOf(type as NativeDType, dims, bits as ElementArrays[NativeDType]);
}
