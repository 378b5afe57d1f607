/**
 * Fields that say nothing.
 *
 * Knows:      how tables are written where a value is missing.
 * Reference:  pandas `read_csv`, `na_values`: what pandas reads as missing, and writes when told to.
 */

/** pandas' list, in lower case. */
const WORDS = new Set([
  ...["", "#n/a", "#n/a n/a", "#na", "-1.#ind", "-1.#qnan", "-nan", "1.#ind", "1.#qnan", "<na>"],
  ...["n/a", "na", "null", "nan", "none"],
]);

/** What they begin with: of most fields, one look is enough. */
const BEGINNINGS = "#-1<nN";

/** Whether a field says nothing: it is blank, or one of pandas' words for a missing value, in capitals or not. */
export const isMissing = (field: string): boolean => {
  const text = field.trim();
  return text === "" || (text.length <= 9 && BEGINNINGS.includes(text[0]!) && WORDS.has(text.toLowerCase()));
};
