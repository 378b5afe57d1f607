/**
 * From which probability a finding counts as detected, and what is known about that threshold.
 *
 * Knows: numbers and a model's operating points. Reference: `src/engine/thresholds.ts`, whose comparison this is.
 */

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

/** The labels that are detected, in the model's order. */
export const detectedIn = (
  labels: readonly string[],
  probabilities: Readonly<Record<string, number>>,
  thresholds: Thresholds,
  points: Points,
): readonly string[] =>
  labels.filter((label) => reaches(probabilities[label]!, thresholdOf(label, thresholds, points)));
