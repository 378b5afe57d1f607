/** Sizes and shares in words. */

const UNITS = ["bytes", "kB", "MB", "GB"] as const;

/** A size with three digits at most: `31.2 MB`. */
export function sizeText(bytes: number): string {
  let [value, unit] = [bytes, 0];
  while (value >= 1000 && unit < UNITS.length - 1) [value, unit] = [value / 1000, unit + 1];
  const digits = unit === 0 || value >= 100 ? 0 : 1;
  return `${value.toFixed(digits)} ${UNITS[unit]}`;
}

/** A probability as a percentage with one decimal: `82.3 %`. It never reads 0 or 100 unless it is. */
export function percentText(share: number): string {
  const percent = share * 100;
  if (percent > 0 && percent < 0.05) return "< 0.1 %";
  if (percent < 100 && percent >= 99.95) return "> 99.9 %";
  return `${percent.toFixed(1)} %`;
}

/** A change in percentage points: `+3.2`, `−0.4`, `±0.0`. */
export function changeText(change: number): string {
  const points = (Math.abs(change) * 100).toFixed(1);
  if (points === "0.0") return "±0.0";
  return `${change > 0 ? "+" : "−"}${points}`;
}

/** A signed number with two decimals and a real minus. */
export const signedText = (value: number, digits = 2): string =>
  `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(digits)}`;
