/**
 * Several tests at once: p values that bound the chance of a single false discovery among all of them.
 *
 * Knows:      numbers.
 * Reference:  Holm, A simple sequentially rejective multiple test procedure, Scandinavian Journal of Statistics 6, 1979;
 *             R's p.adjust(method = "holm").
 */

/**
 * Holm's adjusted p values: of m, the k-th smallest times m − k + 1, never below one before it, and at most 1.
 *
 * @param values  Each 0 to 1, not checked; null where a test gave none: it takes no part.
 * @returns       In the same order.
 *
 * @example
 * holmAdjusted([0.01, 0.04, null, 0.03]); // [0.03, 0.06, null, 0.06]
 */
export function holmAdjusted(values: readonly (number | null)[]): (number | null)[] {
  const tests = values.flatMap((p, index) => (p === null ? [] : [{ p, index }])).sort((a, b) => a.p - b.p);
  const adjusted: (number | null)[] = values.map(() => null);
  let highest = 0;
  for (const [k, { p, index }] of tests.entries()) {
    highest = Math.max(highest, Math.min(1, p * (tests.length - k)));
    adjusted[index] = highest;
  }
  return adjusted;
}
