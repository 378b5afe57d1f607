/**
 * Numbers as tables write them.
 *
 * Knows: decimal numbers. Not what they count.
 */

/** With a point, or with a comma as spreadsheets write them where that is the custom; with an exponent, or without. */
const DECIMAL = /^[+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:e[+-]?\d+)?$/i;

/**
 * The number that a field holds: `1`, `1.0`, `+1`, `1.`, `1e0`, `0,5`.
 *
 * @returns  NaN where it is none, so also of a blank field and of `0x1`.
 */
export function decimalOf(field: string): number {
  const text = field.trim();
  return DECIMAL.test(text) ? Number(text.replace(",", ".")) : Number.NaN;
}
