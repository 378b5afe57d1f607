/**
 * The record of each epoch: one line of `metrics.ndjson`.
 *
 * Knows: plain data and text. Not files.
 */

import { about, number, type Of, object, orNull, whole } from "../schema/schema.ts";

export const EPOCH_METRICS = object({
  epoch: about("Counted from 1.", whole(1)),
  train_loss: about(
    "Mean loss over the epoch's known labels, each computed before the step that it contributes to.",
    number(),
  ),
  val_loss: about(
    "Mean loss over the validation images' known labels; null without a validation.",
    orNull(number()),
  ),
  val_auroc: about(
    "Mean over labels; null without a validation, or if no label has both positives and negatives.",
    orNull(number()),
  ),
  lr: about("The learning rate of the epoch's last step.", number()),
  seconds: number(),
});

/** The record of one epoch. */
export type EpochMetrics = Of<typeof EPOCH_METRICS>;

/** The text of `metrics.ndjson`. */
export function metricsText(epochs: readonly EpochMetrics[]): string {
  return epochs.map((metrics) => `${JSON.stringify(metrics)}\n`).join("");
}
