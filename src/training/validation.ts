/**
 * How good a network's predictions are on examples that it was not trained on.
 *
 * Knows:      logits and labels. Not sessions or files.
 * Reference:  torch.nn.BCEWithLogitsLoss for the loss, as in `graph/gradient/loss.ts`.
 */

import { auroc } from "../evaluation/roc.ts";
import type { Validation } from "./loop.ts";

/** A validation with the AUROC of each label, in order. */
export interface LabelledValidation extends Validation {
  /** Null if a label has no positives or no negatives. */
  readonly aurocs: readonly (number | null)[];
}

/** One label's column: probabilities and truths. */
export interface Column {
  readonly probabilities: Float32Array;
  /** 1, 0, or NaN if unknown. */
  readonly truths: Float32Array;
}

const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));

/** Split into columns. `logits` and `labels` are [examples, numLabels]. */
export function columnsOf(logits: Float32Array, labels: Float32Array, numLabels: number): Column[] {
  const count = logits.length / numLabels;
  return Array.from({ length: numLabels }, (_, label) => ({
    probabilities: Float32Array.from({ length: count }, (_, i) => sigmoid(logits[i * numLabels + label]!)),
    truths: Float32Array.from({ length: count }, (_, i) => labels[i * numLabels + label]!),
  }));
}

/** The mean loss over the known labels, with positives weighted as in training; 0 if none is known. */
function lossOf(
  logits: Float32Array,
  labels: Float32Array,
  numLabels: number,
  posWeight: Float32Array | undefined,
): number {
  let sum = 0;
  let known = 0;
  for (const [i, t] of labels.entries()) {
    if (Number.isNaN(t)) continue;
    const z = logits[i]!;
    const weight = 1 + ((posWeight?.[i % numLabels] ?? 1) - 1) * t;
    sum += (1 - t) * z + weight * (Math.max(-z, 0) + Math.log1p(Math.exp(-Math.abs(z))));
    known += 1;
  }
  return known === 0 ? 0 : sum / known;
}

/** Compare logits with labels. */
export function judge(
  logits: Float32Array,
  labels: Float32Array,
  numLabels: number,
  posWeight?: Float32Array,
): LabelledValidation {
  // Logits and probabilities have the same ranks, except where probabilities are rounded to 0 or 1.
  const aurocs = columnsOf(logits, labels, numLabels).map(({ truths }, label) =>
    auroc(
      Float32Array.from({ length: truths.length }, (_, i) => logits[i * numLabels + label]!),
      truths,
    ),
  );
  const known = aurocs.filter((value) => value !== null);
  return {
    loss: lossOf(logits, labels, numLabels, posWeight),
    auroc: known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length,
    aurocs,
  };
}
