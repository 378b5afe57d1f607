/** Rounds to the nearest number with `bits` significant bits, ties to even, as IEEE 754 does for normal numbers. */
export function roundToBits(value: number, bits: number): number {
  if (value === 0) return value;
  const exponent = Math.floor(Math.log2(Math.abs(value)));
  const quantum = 2 ** (exponent - bits + 1);
  const steps = value / quantum;
  const below = Math.floor(steps);
  if (steps - below !== 0.5) return Math.round(steps) * quantum;
  return (below % 2 === 0 ? below : below + 1) * quantum;
}
