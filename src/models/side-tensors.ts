/**
 * Tensors that are saved with a network and are no part of it: of losses, of metrics, of averaging.
 *
 * Knows: their usual names. They cannot change what the network says, so a file may have them; whatever else is left over
 *        might, and is refused.
 */

import { isAveragedKey } from "./averaged.ts";

const LOSS =
  /^(?:criterion|criteria|loss(?:es)?|loss_?fn|loss_?func(?:tion)?|objective|\w+_(?:loss|criterion)|loss_\w+)$/i;

/** Words that a metric's name is made of: `val_auroc`, `train_metrics`, `MulticlassAccuracy`. */
const METRIC =
  /^(?:metrics?|auroc|auc|acc|accuracy|f1|precision|recall|confmat|mcc|kappa|meters?|sensitivity|specificity)$/i;

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
  n_averaged: AVERAGING,
  num_updates: AVERAGING,
  op_threshs: OPERATING_POINTS,
};

/**
 * Whose a tensor is that is no part of the network.
 *
 * @param name  Of a tensor that the network does not have.
 * @returns     `a loss`, `a metric`, …; undefined where it may change what the network says.
 */
export function sideOwner(name: string): string | undefined {
  const parts = name.split(".");
  const leaf = parts.at(-1)!;
  const owners = parts.slice(0, -1);
  // Within the network, a layer may be called anything.
  if (owners.includes("features") || owners.includes("classifier")) return undefined;
  if (Object.hasOwn(LEAVES, leaf)) return LEAVES[leaf];
  if (owners.some((part) => LOSS.test(part))) return "a loss";
  if (owners.some(isAveragedKey)) return AVERAGING;
  // Metrics count; a layer that learns would have a weight.
  return owners.some(isMetric) && leaf !== "weight" && leaf !== "bias" ? "a metric" : undefined;
}
