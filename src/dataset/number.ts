/**
 * Numbers in tables.
 *
 * Knows: decimal numbers. Not what they count.
 */

/** With a decimal point, or a decimal comma as spreadsheets write it in some countries; with or without an exponent. */
const DECIMAL = /^[+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:e[+-]?\d+)?$/i;

/**
 * Read the number in a field: `1`, `1.0`, `+1`, `1.`, `1e0`, `0,5`.
 *
 * @returns  NaN if it is not a decimal number, as with a blank field or `0x1`.
 */
export function decimalOf(field: string): number {
  const text = field.trim();
  return DECIMAL.test(text) ? Number(text.replace(",", ".")) : Number.NaN;
}
