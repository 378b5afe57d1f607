/**
 * The ranges of whole layers, from those of the parts that were joined to them.
 *
 * Knows: DenseNet121's layers.
 */

import { float32, type Tensor } from "../../tensor.ts";
import { BLOCK_CONFIG } from "../densenet121.ts";
import { STEM } from "./packing.ts";

/**
 * Steps and lowest values of each dense block and each transition, under its name.
 *
 * @param ranges  Those of the stem, of each `conv2` and of each transition's `conv`.
 */
export function layerRanges(ranges: ReadonlyMap<string, Tensor>): Map<string, Tensor> {
  const found = new Map<string, Tensor>();
  const set = (layer: string, parts: readonly string[]) => {
    for (const field of ["steps", "lows"]) {
      const values = parts.flatMap((part) => [...(ranges.get(`${part}.${field}`)!.data as Float32Array)]);
      found.set(`${layer}.${field}`, float32([values.length], Float32Array.from(values)));
    }
  };
  let input = STEM;
  for (const [i, layers] of BLOCK_CONFIG.entries()) {
    const block = `features.denseblock${i + 1}`;
    set(block, [input, ...Array.from({ length: layers }, (_, j) => `${block}.denselayer${j + 1}.conv2`)]);
    input = `features.transition${i + 1}.conv`;
    if (i + 1 < BLOCK_CONFIG.length) set(`features.transition${i + 1}`, [input]);
  }
  return found;
}
