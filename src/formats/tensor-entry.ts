/**
 * A tensor as a file lists it: its type and shape at once, its elements on demand.
 *
 * Knows: tensors. Not which file format or model they come from.
 */

import { XrayError } from "../errors.ts";
import type { Tensor } from "../tensor.ts";

/** A tensor of a checkpoint. */
export interface TensorEntry {
  /** A `DType`, or the name of a type whose elements are not read here, such as `complex64` or `qint8`. */
  readonly dtype: string;
  readonly shape: readonly number[];
  /**
   * The elements in C order. They may share memory with the file's bytes: do not modify them.
   *
   * @throws  XrayError `tensor/unread-dtype` if the dtype is not read here.
   */
  read(): Tensor;
}

/** The error for a tensor whose type is not read here. A file may contain such tensors as long as none is needed. */
export function unreadDType(dtype: string): XrayError {
  return new XrayError("tensor/unread-dtype", `tensors of ${dtype} are not read; save them as another type`, {
    dtype,
  });
}
