/**
 * What is written of each epoch, one line of `metrics.ndjson`.
 *
 * Knows: plain data and text. Not files.
 */

/** One epoch. */
export interface EpochMetrics {
  /** Counted from 1. */
  readonly epoch: number;
  /** Mean over the epoch's known labels, each taken before its step. */
  readonly train_loss: number;
  /** Null without a validation. */
  readonly val_loss: number | null;
  /** Mean over labels; null without a validation, or where no label has both positives and negatives. */
  readonly val_auroc: number | null;
  /** Of the epoch's last step. */
  readonly lr: number;
  readonly seconds: number;
}

/** The text of `metrics.ndjson`. */
export function metricsText(epochs: readonly EpochMetrics[]): string {
  return epochs.map((metrics) => `${JSON.stringify(metrics)}\n`).join("");
}
