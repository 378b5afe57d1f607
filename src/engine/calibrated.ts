/**
 * The calibrated probabilities of a prediction, which are shown beside the raw ones and never replace them.
 *
 * Knows: cards. Operating points always apply to the raw probabilities.
 */

import { calibrate } from "../calibration/calibration.ts";
import type { ResolvedCard } from "../models/card.ts";

/**
 * The calibrated probabilities by label, for the labels that the card calibrates.
 *
 * @param logits  In the order of the card's labels.
 * @returns       Undefined if the card has no calibration.
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
