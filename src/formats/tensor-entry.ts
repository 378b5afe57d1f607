/**
 * A tensor as a file lists it: name and type at once, elements on demand.
 *
 * Knows: tensors. Not which file format or model they come from.
 */

import { XrayError } from "../errors.ts";
import type { Tensor } from "../tensor.ts";

/** One named tensor of a checkpoint. */
export interface TensorEntry {
  /** A `DType`, or the name of a type whose elements are not read here, such as `complex64` or `qint8`. */
  readonly dtype: string;
  readonly shape: readonly number[];
  /**
   * The elements in C order. They may share memory with the file's bytes: do not modify them.
   *
   * @throws  XrayError `tensor/unread-dtype` where the dtype is not read here.
   */
  read(): Tensor;
}

/** The error of reading a tensor whose type is not read here. It may stand in a file as long as nobody needs it. */
export function unreadDType(dtype: string): XrayError {
  return new XrayError("tensor/unread-dtype", `tensors of ${dtype} are not read; save them as another type`, {
    dtype,
  });
}
