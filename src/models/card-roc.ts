/**
 * The sensitivity and specificity that a model was measured to have at any threshold, as its card says it.
 *
 * Knows: plain data.
 */

import {
  about,
  anyWords,
  between,
  byName,
  inOrder,
  type Of,
  object,
  some,
  where,
  whole,
} from "../schema/schema.ts";

const shares = () => some(between(0, 1));

const FINDING_ROC = where(
  object({
    positives: about("Number of images with the finding.", whole(1)),
    negatives: about("Number of images without it.", whole(1)),
    thresholds: about(
      "On the probability, rising.",
      inOrder(shares(), (item, before) => (item > before ? undefined : "must be above the one before")),
    ),
    sensitivity: about("Of each threshold.", shares()),
    specificity: about("Of each threshold.", shares()),
  }),
  ({ thresholds: { length }, sensitivity, specificity }) =>
    sensitivity.length === length && specificity.length === length,
  "must have a sensitivity and a specificity for each threshold",
);

/** The card's field `roc`. */
export const CARD_ROC = object({
  description: about("On which images it was measured, in words.", anyWords()),
  findings: about(
    "By label. A label without positives or without negatives is left out.",
    byName(FINDING_ROC),
  ),
});

export type CardRoc = Of<typeof CARD_ROC>;

/** A finding's points on its ROC curve. */
export type FindingRoc = CardRoc["findings"][string];

/**
 * Sensitivity and specificity at a threshold: on a straight line between the two nearest thresholds that the card has, or
 * those of the first or last one beyond them.
 *
 * @param threshold  0 to 1.
 * @returns          Shares, 0 to 1.
 */
export function rocAt(
  { thresholds, sensitivity, specificity }: FindingRoc,
  threshold: number,
): { readonly sensitivity: number; readonly specificity: number } {
  const found = thresholds.findIndex((one) => one >= threshold);
  const above = found < 0 ? thresholds.length - 1 : found;
  const below = found < 0 ? above : Math.max(0, above - 1);
  const [low, high] = [thresholds[below]!, thresholds[above]!];
  const share = high > low ? Math.max(0, (threshold - low) / (high - low)) : 0;
  const at = (values: readonly number[]) => values[below]! + share * (values[above]! - values[below]!);
  return { sensitivity: at(sensitivity), specificity: at(specificity) };
}
