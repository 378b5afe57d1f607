/**
 * Tensors that are saved with a network and are no part of it: of losses, of metrics, of averaging.
 *
 * Knows: their usual names. They cannot change what the network says, so a file may have them; whatever else is left over
 *        might, and is refused.
 */

import type { TensorEntry } from "../formats/tensor-entry.ts";
import { sizeOf } from "../tensor.ts";
import { isAveragedKey } from "./averaged.ts";

const LOSS =
  /^(?:criterion|criteria|loss(?:es)?|loss_?fn|loss_?func(?:tion)?|objective|\w+_(?:loss|criterion))$/i;

/** Words that a metric's name is made of: `val_auroc`, `train_metrics`, `MulticlassAccuracy`. */
const METRIC =
  /^(?:metrics?|auroc|auc|acc|accuracy|f1|precision|recall|confmat|mcc|kappa|meters?|sensitivity|specificity)$/i;

/** What metrics count (torchmetrics): nothing that a layer has. */
const COUNT =
  /^(?:tp|fp|tn|fn|(?:true|false)_(?:positives|negatives)|confmat|correct|total|preds?|targets?|thresholds?|value|mean_value|weight_sum|count|sum(?:_\w+)?|n_\w+|num_\w+)$/i;

const isMetric = (part: string): boolean =>
  part
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1_$2")
    .split("_")
    .some((word) => METRIC.test(word));

const AVERAGING = "the averaging of weights";

/** torchxrayvision keeps its operating points beside the network: they are read (`families.ts`), and not left out. */
export const OPERATING_POINTS = "the operating points";

/** Whose a tensor is by the last part of its name, wherever it stands. */
const LEAVES: Readonly<Record<string, string>> = {
  pos_weight: "a loss",
  class_weight: "a loss",
  class_weights: "a loss",
  op_threshs: OPERATING_POINTS,
  queue: "a queue of examples",
  queue_ptr: "a queue of examples",
};

/** The same of single numbers: counters of torch.optim.swa_utils, timm, ema-pytorch. */
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
 * Whose a tensor is that is no part of the network, by its name.
 *
 * @param name        Of a tensor that the network does not have.
 * @param isParameter Whether the network has a parameter whose name is this one without its dots: some averages are kept so.
 * @returns           `a loss`, `a metric`, …; undefined where it may change what the network says.
 */
export function sideOwner(
  name: string,
  { shape }: Pick<TensorEntry, "shape">,
  isParameter: (flat: string) => boolean = () => false,
): string | undefined {
  const parts = name.split(".");
  const leaf = parts.at(-1)!;
  const owners = parts.slice(0, -1);
  // Within the network, a layer may be called anything.
  if (owners.includes("features") || owners.includes("classifier")) return undefined;
  if (Object.hasOwn(LEAVES, leaf)) return LEAVES[leaf];
  if (Object.hasOwn(COUNTERS, leaf) && sizeOf(shape) === 1) return COUNTERS[leaf];
  if (owners.some((part) => LOSS.test(part))) return "a loss";
  if (owners.some(isAveragedKey) && isParameter(leaf)) return AVERAGING;
  return owners.some(isMetric) && COUNT.test(leaf) ? "a metric" : undefined;
}

/** A parameter's name as LDM's `LitEma` keeps it: without its dots, or with underscores for them. */
export const flatName = (name: string): string => name.replaceAll(/[._]/g, "");
