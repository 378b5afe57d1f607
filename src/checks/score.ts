/**
 * A score in a reason.
 *
 * Knows: how many digits tell something.
 */

/** A probability with two decimals; one that would read 0.00 or 1.00 without being so has the bound instead. */
export function score(probability: number): string {
  if (probability > 0 && probability < 0.005) return "under 0.01";
  if (probability < 1 && probability >= 0.995) return "over 0.99";
  return probability.toFixed(2);
}
