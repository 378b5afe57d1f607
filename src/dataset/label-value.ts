/**
 * What a field of a label column says: the finding is present, absent or uncertain, or nothing is said.
 *
 * Knows:      numbers and words. Not rows or labels.
 * Reference:  Irvin et al., CheXpert, AAAI 2019, section 2 (blank, 0, 1, u) and its published tables (−1 for u);
 *             Majkowska et al., Radiology 2020 (YES, NO).
 */

import { isMissing } from "./missing.ts";
import { decimalOf } from "./number.ts";

/** `blank`: the field says nothing. `uncertain`: it says that the finding may be present, or that it is unknown. */
export type LabelValue = "present" | "absent" | "uncertain" | "blank";

const NUMBERS: ReadonlyMap<number, LabelValue> = new Map([
  [1, "present"],
  [0, "absent"],
  [-1, "uncertain"],
]);

const WORDS: ReadonlyMap<string, LabelValue> = new Map([
  ...["true", "yes", "present", "positive"].map((word) => [word, "present"] as const),
  ...["false", "no", "absent", "negative"].map((word) => [word, "absent"] as const),
  ...["u", "uncertain", "unknown"].map((word) => [word, "uncertain"] as const),
]);

/**
 * Read a field.
 *
 * @returns  Undefined if it is not a label: any number but 1, 0 and −1 (such as a probability), or an unknown word.
 */
export function labelValue(field: string): LabelValue | undefined {
  if (isMissing(field)) return "blank";
  const value = decimalOf(field);
  return Number.isNaN(value) ? WORDS.get(field.trim().toLowerCase()) : NUMBERS.get(value);
}

/** Whether a field holds a number between 0 and 1, both excluded, which is a prediction and not a label. */
export function isProbability(field: string): boolean {
  const value = decimalOf(field);
  return value > 0 && value < 1;
}
