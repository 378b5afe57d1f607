/**
 * A tensor as a file lists it: name and type at once, elements on demand.
 *
 * Knows: tensors. Not which file format or model they come from.
 */

import type { DType, Tensor } from "../tensor.ts";

/** One named tensor of a checkpoint. */
export interface TensorEntry {
  readonly dtype: DType;
  readonly shape: readonly number[];
  /** The elements in C order. They may share memory with the file's bytes: do not modify them. */
  read(): Tensor;
}
