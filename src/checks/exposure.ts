/**
 * The check `exposure`: whether a picture is almost black, almost white or without contrast, or uses few of its bits.
 *
 * It measures a thumbnail of averages, so that burned-in letters and single bad pixels do not count: the mean, and the
 * range that the middle 90 % of the cells span. The bounds are set by hand, outside of what is found on real X-rays:
 * docs/checks.md says how far.
 *
 * Knows: thumbnails.
 */

import type { Check } from "./check.ts";

/** Means of 0 to 255 outside of these are almost black and almost white. */
const DARK = 12;
const BRIGHT = 243;

/** The middle 90 % of a picture with contrast span at least so many of 255 grey levels. */
const LEAST_SPAN = 16;

/** The values below and above which 5 % lie. */
function span(values: Float64Array): number {
  const sorted = values.toSorted();
  const cut = Math.floor(values.length / 20);
  return sorted[sorted.length - 1 - cut]! - sorted[cut]!;
}

/**
 * @param values   A thumbnail, 0 to 255.
 * @param lowBits  How many low bits of 16 the samples use, where that is fewer than the file has.
 */
export function exposure(values: Float64Array, lowBits: number | undefined): Check {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const wide = span(values);
  const figures = `mean ${mean.toFixed(0)} of 255, middle 90 % within ${wide.toFixed(0)} grey levels`;
  const warn = (reason: string): Check => ({ check: "exposure", outcome: "warn", reason });
  if (lowBits !== undefined) {
    return warn(
      `The picture uses only the low ${lowBits} of 16 bits and is read as dark (${figures}); say how many bits its detector has.`,
    );
  }
  if (mean < DARK) return warn(`The picture is almost black (${figures}); check its window or bit depth.`);
  if (mean > BRIGHT) return warn(`The picture is almost white (${figures}); check its window or bit depth.`);
  if (wide < LEAST_SPAN) {
    return warn(`The picture has almost no contrast (${figures}); check its window or bit depth.`);
  }
  return { check: "exposure", outcome: "pass", reason: `The picture is well exposed (${figures}).` };
}
