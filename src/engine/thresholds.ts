/**
 * Which findings count as detected.
 *
 * Knows: thresholds and cards. Not where probabilities come from.
 */

import { quote, XrayError } from "../errors.ts";
import type { ResolvedCard } from "../models/card.ts";
import type { Threshold } from "../results/prediction.ts";

/** The threshold of all findings if none is requested. */
export const DEFAULT_THRESHOLD = 0.5;

/**
 * The threshold of each label.
 *
 * @throws  XrayError `threshold/no-card` if the model's card lacks operating points for some or all labels.
 */
export function resolveThresholds(
  threshold: Threshold,
  card: ResolvedCard,
): Readonly<Record<string, number>> {
  const { labels, operatingPoints = {} } = card;
  if (threshold !== "card") return Object.fromEntries(labels.map((label) => [label, threshold]));
  const missing = labels.filter((label) => operatingPoints[label] === undefined);
  if (missing.length > 0) {
    throw new XrayError(
      "threshold/no-card",
      `the threshold cannot be taken from the model's card, which has no operating point for ${missing.join(", ")}; give a number instead`,
      { missing },
    );
  }
  return Object.fromEntries(labels.map((label) => [label, operatingPoints[label]!]));
}

/** The labels whose probability is at or above their threshold, in order. */
export function detect(
  labels: readonly string[],
  probabilities: Float32Array,
  thresholds: Readonly<Record<string, number>>,
): readonly string[] {
  // Round the threshold to float32 like the probabilities, so that equal values compare as equal.
  return labels.filter((label, i) => probabilities[i]! >= Math.fround(thresholds[label]!));
}

/** What decides which findings count as detected. */
export interface Decision {
  /** As requested. */
  readonly threshold: Threshold;
  /** The threshold of each label. */
  readonly thresholds: Readonly<Record<string, number>>;
}

/**
 * The requested thresholds.
 *
 * @param threshold  0.5 by default.
 * @throws           XrayError `threshold/invalid` for anything but a number from 0 to 1 or `card`; `threshold/no-card`.
 */
export function decide(threshold: Threshold | undefined, card: ResolvedCard): Decision {
  const wanted = threshold ?? DEFAULT_THRESHOLD;
  if (wanted !== "card" && !(typeof wanted === "number" && wanted >= 0 && wanted <= 1)) {
    throw new XrayError(
      "threshold/invalid",
      `the threshold is ${quote(wanted)}, but it must be a number from 0 to 1, or "card" for the model's operating points`,
      { threshold: wanted },
    );
  }
  return { threshold: wanted, thresholds: resolveThresholds(wanted, card) };
}
