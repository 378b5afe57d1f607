/**
 * Calibrated probabilities of a prediction: beside the raw ones, never in their place.
 *
 * Knows: cards. Operating points are on the raw probabilities, and stay so.
 */

import { calibrate } from "../calibration/calibration.ts";
import type { ResolvedCard } from "../models/card.ts";

/**
 * By label, of those that the card calibrates.
 *
 * @param logits  In the order of the card's labels.
 * @returns       Undefined where the card has no calibration.
 */
export function calibratedOf(
  { labels, calibration }: ResolvedCard,
  logits: Float32Array,
): Readonly<Record<string, number>> | undefined {
  if (calibration === undefined) return undefined;
  return Object.fromEntries(
    labels.flatMap((label, i) => {
      const fit = calibration.findings[label];
      return fit === undefined ? [] : [[label, calibrate(fit, [logits[i]!])[0]!]];
    }),
  );
}
