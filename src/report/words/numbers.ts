/**
 * Numbers in words, for people and for programs.
 *
 * Knows: numbers.
 */

/** With so many significant digits at most, without trailing zeros. */
export const digits = (count: number) => (value: number) => Number(value.toPrecision(count)).toString();

/** Nine digits say all that a float32 holds. */
export const nineDigits = (value: number): number => Number(value.toPrecision(9));

/** In few characters: 0.125, 1e-5. */
export function short(value: number): string {
  return value !== 0 && Math.abs(value) < 0.01
    ? value.toExponential().replace(/(\.\d)\d+/, "$1")
    : digits(3)(value);
}

/** How ticks are written: with as many decimals as the one that needs most. */
export function tickFormat(ticks: readonly number[]): (tick: number) => string {
  const words = ticks.map(short);
  if (words.some((word) => word.includes("e")) || ticks.some((tick) => Math.abs(tick) >= 1000)) return short;
  const decimals = Math.max(0, ...words.map((word) => word.split(".")[1]?.length ?? 0));
  return (tick) => tick.toFixed(decimals);
}

/** A duration in words: 0.35 s, 45 s, 12 min, 3 h 5 min. */
export function duration(seconds: number): string {
  if (seconds < 10) return `${digits(2)(seconds)} s`;
  if (seconds < 90) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${Math.trunc(minutes / 60)} h ${minutes % 60} min`;
}
