/**
 * A network in whole numbers, as a model carries it beside its weights.
 *
 * Knows: plain data. How codes are made, read and computed with is in `quantise/`, which pages load when they need it.
 */

import type { Value } from "../graph/core/graph.ts";
import type { Tensor } from "../tensor.ts";
import type { DenseNet121 } from "./densenet121.ts";

/** What is said of weights that come from codes. */
export const DEQUANTISED =
  "its weights were read back from int8 codes: they are not quite those that it was trained with; the original file has them";

/** Convolutions in whole numbers. */
export interface Codes {
  /** What the graph needs beside the model's own tensors. */
  readonly tensors: ReadonlyMap<string, Tensor>;
  /** What a file needs so that the weights can be read back. */
  readonly kept: ReadonlyMap<string, Tensor<"float32">>;
  /** Write the network into the graph of an image, as `densenet121` does. */
  readonly write: (image: Value, numLabels: number) => DenseNet121;
}
