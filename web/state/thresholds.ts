/**
 * From which probability a finding counts as detected, and what is known about that threshold.
 *
 * Knows: numbers and a model's operating points. Reference: `src/engine/thresholds.ts`, whose comparison this is.
 */

import { type FindingRoc, rocAt } from "../../src/models/card-roc.ts";
import { count, counted } from "../../src/text.ts";

/** 0.5 for all, the model's own operating points, or those of its findings that the user moved. */
export interface Thresholds {
  readonly base: "half" | "card";
  /** By label: where the user moved it. */
  readonly moved: Readonly<Record<string, number>>;
}

export const INITIAL_THRESHOLDS: Thresholds = { base: "half", moved: {} };

export const HALF = 0.5;

type Points = Readonly<Record<string, number>> | undefined;

/** Whether the model has an operating point for every label, so that `card` can be chosen. */
export const hasPoints = (labels: readonly string[], points: Points): boolean =>
  points !== undefined && labels.every((label) => points[label] !== undefined);

/** The threshold of a label. */
export function thresholdOf(label: string, { base, moved }: Thresholds, points: Points): number {
  const own = moved[label];
  if (own !== undefined) return own;
  return base === "card" ? (points?.[label] ?? HALF) : HALF;
}

/** Whether a probability reaches a threshold. Both are compared as float32, as in the engine. */
export const reaches = (probability: number, threshold: number): boolean =>
  Math.fround(probability) >= Math.fround(threshold);

/** Move a finding's threshold; to `undefined`, back to where it was. */
export function moveThreshold(thresholds: Thresholds, label: string, to: number | undefined): Thresholds {
  const { [label]: _, ...others } = thresholds.moved;
  return { ...thresholds, moved: to === undefined ? others : { ...others, [label]: clampShare(to) } };
}

const clampShare = (value: number): number => Math.min(1, Math.max(0, value));

/** A finding's points on its ROC curve, and on which images they were measured. */
export interface MeasuredRoc extends FindingRoc {
  /** In words; empty if the card does not say. */
  readonly description: string;
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** What a card says about a threshold of a finding, as a sentence. */
export function measuredWords(name: string, threshold: number, roc: MeasuredRoc): string {
  const { sensitivity, specificity } = rocAt(roc, threshold);
  const where = roc.description === "" ? "" : ` (${roc.description})`;
  return `At this threshold, the card gives a sensitivity of about ${percent(sensitivity)} and a specificity of about ${percent(specificity)}, measured on ${counted(roc.positives, "image")} with ${name} and ${count(roc.negatives)} without${where}.`;
}

/** The labels that are detected, in the model's order. */
export const detectedIn = (
  labels: readonly string[],
  probabilities: Readonly<Record<string, number>>,
  thresholds: Thresholds,
  points: Points,
): readonly string[] =>
  labels.filter((label) => reaches(probabilities[label]!, thresholdOf(label, thresholds, points)));
