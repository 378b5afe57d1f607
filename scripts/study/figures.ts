/** Means over findings of what was judged. */

/**
 * The mean over findings of a finding's mean over pairs, so that common findings do not count more.
 *
 * @returns  NaN of no pairs.
 */
export function meanOverFindings<T extends { readonly label: number }>(
  pairs: readonly T[],
  measure: (pair: T) => number,
): number {
  const means = byFinding(pairs).map(
    ([, its]) => its.reduce((sum, pair) => sum + measure(pair), 0) / its.length,
  );
  return means.reduce((sum, one) => sum + one, 0) / means.length;
}

/** Pairs by the index of their label, rising. */
export function byFinding<T extends { readonly label: number }>(pairs: readonly T[]): [number, T[]][] {
  const groups = new Map<number, T[]>();
  for (const pair of pairs) groups.set(pair.label, [...(groups.get(pair.label) ?? []), pair]);
  return [...groups].sort(([a], [b]) => a - b);
}
