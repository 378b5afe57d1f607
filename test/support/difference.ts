/** Comparing numbers with a reference. */

/** The largest |actual − expected|; NaN if either contains NaN, infinite if the lengths differ. */
export function maxDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Number.POSITIVE_INFINITY;
  let largest = 0;
  for (let i = 0; i < expected.length; i++) {
    const difference = Math.abs(actual[i]! - expected[i]!);
    if (Number.isNaN(difference)) return Number.NaN;
    if (difference > largest) largest = difference;
  }
  return largest;
}

/** The largest |value|. */
export function maxMagnitude(values: ArrayLike<number>): number {
  let largest = 0;
  for (let i = 0; i < values.length; i++) largest = Math.max(largest, Math.abs(values[i]!));
  return largest;
}

/**
 * The largest difference of a map from its reference, as a fraction of the reference's maximum.
 * A reference that is 0 everywhere allows no other value at all.
 */
export function mapDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  const difference = maxDifference(actual, expected);
  return difference === 0 ? 0 : difference / maxMagnitude(expected);
}
