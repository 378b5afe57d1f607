/**
 * Fields whose value is missing.
 *
 * Knows:      how tables mark missing values.
 * Reference:  pandas `read_csv`, `na_values`: the words that pandas reads as missing by default.
 */

/** pandas' list, in lower case. */
const WORDS = new Set([
  ...["", "#n/a", "#n/a n/a", "#na", "-1.#ind", "-1.#qnan", "-nan", "1.#ind", "1.#qnan", "<na>"],
  ...["n/a", "na", "null", "nan", "none"],
]);

/** The first characters of these words. For most fields, the first character is enough to decide. */
const BEGINNINGS = "#-1<nN";

/** Whether a field's value is missing: it is blank, or one of pandas' words for a missing value, in any case. */
export const isMissing = (field: string): boolean => {
  const text = field.trim();
  return text === "" || (text.length <= 9 && BEGINNINGS.includes(text[0]!) && WORDS.has(text.toLowerCase()));
};
