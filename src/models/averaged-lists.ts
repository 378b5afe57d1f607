/**
 * Averaged weights that are kept as a list of unnamed tensors, in the order of the network's parameters.
 *
 * Knows:      how training code keeps them.
 * Reference:  torch_ema (`shadow_params`), Lightning's EMA callbacks (`ema_weights`).
 */

import { quote } from "../errors.ts";
import { PickleDict, PickleObject, type PickleValue } from "../formats/pickle/values.ts";
import type { TensorEntry } from "../formats/tensor-entry.ts";
import { isAveragedKey } from "./averaged.ts";
import { isTensor } from "./module-tensors.ts";

/** A list with fewer tensors cannot be a network's. */
const FEWEST = 10;
const MOST_NODES = 5_000;
const MAX_DEPTH = 8;

/** A list of averaged tensors, and where it was found. */
export interface AveragedList {
  readonly path: string;
  readonly tensors: readonly TensorEntry[];
}

/** Find the lists of averaged tensors in what `torch.load` would return. */
export function averagedLists(root: PickleValue): AveragedList[] {
  const found: AveragedList[] = [];
  const seen = new Set<PickleValue>();
  const visit = (value: PickleValue, path: string, isAveraged: boolean, depth: number): void => {
    if (Array.isArray(value)) {
      if (isAveraged && value.length >= FEWEST && value.every(isTensor)) found.push({ path, tensors: value });
      return;
    }
    const isObject = value instanceof PickleObject;
    const entries = value instanceof PickleDict ? value : isObject ? value.state : undefined;
    if (!(entries instanceof PickleDict) || seen.has(value) || seen.size > MOST_NODES || depth > MAX_DEPTH)
      return;
    seen.add(value);
    for (const [key, child] of entries) {
      if (typeof key !== "string" || isTensor(child)) continue;
      const step = isObject ? `.${key}` : `[${quote(key)}]`;
      visit(child, path + step, isAveraged || isAveragedKey(key), depth + 1);
    }
  };
  visit(root, "checkpoint", false, 0);
  return found;
}
