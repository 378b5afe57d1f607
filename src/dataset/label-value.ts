/**
 * What one field of a label column says: the finding is there, is not there, may be there, or nothing is said.
 *
 * Knows:      numbers and words. Not rows or labels.
 * Reference:  Irvin et al., CheXpert, AAAI 2019, section 2 (blank, 0, 1, u) and its published tables (−1 for u);
 *             Majkowska et al., Radiology 2020 (YES, NO).
 */

import { isMissing } from "./missing.ts";
import { decimalOf } from "./number.ts";

/** `blank`: nothing is said. `uncertain`: it is said that the finding may be there, or that nobody knows. */
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
 * @returns  Undefined where it is no label: any number but 1, 0 and −1 (a probability, too), and any other word.
 */
export function labelValue(field: string): LabelValue | undefined {
  if (isMissing(field)) return "blank";
  const value = decimalOf(field);
  return Number.isNaN(value) ? WORDS.get(field.trim().toLowerCase()) : NUMBERS.get(value);
}

/** Whether a field holds a share between 0 and 1, as predictions do and labels do not. */
export function isProbability(field: string): boolean {
  const value = decimalOf(field);
  return value > 0 && value < 1;
}
