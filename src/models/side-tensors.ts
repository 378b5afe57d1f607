/**
 * Tensors that are saved with a network but are not part of it, such as those of losses, metrics and averaging.
 *
 * Knows: their usual names. They cannot change the network's outputs, so a file may contain them. Any other tensor that
 *        is left over might change them, and is refused.
 */

import type { TensorEntry } from "../formats/tensor-entry.ts";
import { sizeOf } from "../tensor.ts";
import { isAveragedKey } from "./averaged.ts";

const LOSS =
  /^(?:criterion|criteria|loss(?:es)?|loss_?fn|loss_?func(?:tion)?|objective|\w+_(?:loss|criterion))$/i;

/** Words in the names of metrics: `val_auroc`, `train_metrics`, `MulticlassAccuracy`. */
const METRIC =
  /^(?:metrics?|auroc|auc|acc|accuracy|f1|precision|recall|confmat|mcc|kappa|meters?|sensitivity|specificity)$/i;

/** The states of metrics (torchmetrics), under names that no layer's parameters have. */
const COUNT =
  /^(?:tp|fp|tn|fn|(?:true|false)_(?:positives|negatives)|confmat|correct|total|preds?|targets?|thresholds?|value|mean_value|weight_sum|count|sum(?:_\w+)?|n_\w+|num_\w+)$/i;

const isMetric = (part: string): boolean =>
  part
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1_$2")
    .split("_")
    .some((word) => METRIC.test(word));

const AVERAGING = "the averaging of weights";

/** torchxrayvision keeps its operating points beside the network. They are read (`families.ts`), not left out. */
export const OPERATING_POINTS = "the operating points";

/** The owner of a tensor, by the last part of its name, wherever it is. */
const LEAVES: Readonly<Record<string, string>> = {
  pos_weight: "a loss",
  class_weight: "a loss",
  class_weights: "a loss",
  op_threshs: OPERATING_POINTS,
  queue: "a queue of examples",
  queue_ptr: "a queue of examples",
};

/** The same for single numbers: counters of torch.optim.swa_utils, timm and ema-pytorch. */
const COUNTERS: Readonly<Record<string, string>> = {
  n_averaged: AVERAGING,
  num_updates: AVERAGING,
  decay: AVERAGING,
  initted: AVERAGING,
  step: "a counter",
  global_step: "a counter",
  epoch: "a counter",
};

/**
 * The owner of a tensor that is not part of the network, judged by its name.
 *
 * @param name        Name of a tensor that the network does not have.
 * @param isParameter Whether a name is that of a parameter of the network, apart from its dots. Some averages are kept
 *                    under such names.
 * @returns           `a loss`, `a metric`, …; undefined if the tensor may change the network's outputs.
 */
export function sideOwner(
  name: string,
  { shape }: Pick<TensorEntry, "shape">,
  isParameter: (flat: string) => boolean = () => false,
): string | undefined {
  const parts = name.split(".");
  const leaf = parts.at(-1)!;
  const owners = parts.slice(0, -1);
  // Inside the network, a layer may have any name.
  if (owners.includes("features") || owners.includes("classifier")) return undefined;
  if (Object.hasOwn(LEAVES, leaf)) return LEAVES[leaf];
  if (Object.hasOwn(COUNTERS, leaf) && sizeOf(shape) === 1) return COUNTERS[leaf];
  if (owners.some((part) => LOSS.test(part))) return "a loss";
  if (owners.some(isAveragedKey) && isParameter(leaf)) return AVERAGING;
  return owners.some(isMetric) && COUNT.test(leaf) ? "a metric" : undefined;
}

/** A parameter's name without dots and underscores. LDM's `LitEma` removes the dots; others replace them. */
export const flatName = (name: string): string => name.replaceAll(/[._]/g, "");
