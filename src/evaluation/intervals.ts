/**
 * Confidence intervals: what they are made of, whatever figure they are of.
 *
 * Knows:      numbers.
 * Reference:  Efron and Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13 (percentile intervals); Hyndman
 *             and Fan, Sample quantiles in statistical packages, 1996, definition 7 (NumPy's and R's default); Wilson,
 *             Probable inference, the law of succession, and statistical inference, 1927.
 */

import { XrayError } from "../errors.ts";
import { normalQuantile } from "./normal.ts";

/** Both ends belong to it. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** The level of an interval where none is given. */
export const DEFAULT_LEVEL = 0.95;

/** @throws  XrayError `evaluation/bad-level` unless a level lies between 0 and 1. */
export function checkLevel(level: number): void {
  if (level > 0 && level < 1) return;
  throw new XrayError(
    "evaluation/bad-level",
    `an interval cannot hold a share of ${level}; its level must lie between 0 and 1, such as 0.95`,
    { level },
  );
}

/** The value at a share of the way from the first of rising values to the last, between two of them in proportion. */
function quantile(rising: Float64Array, share: number): number {
  const place = share * (rising.length - 1);
  const below = Math.floor(place);
  const low = rising[below]!;
  const high = rising[Math.min(below + 1, rising.length - 1)]!;
  return low + (place - below) * (high - low);
}

/**
 * The interval that leaves out the same share of values at either end.
 *
 * @param values  Any order; not modified. NaN where a value is missing: those take no part.
 * @param level   Share of the values inside, between 0 and 1.
 * @returns       Null where there is no value.
 * @throws        XrayError `evaluation/bad-level`.
 * @see           numpy.percentile(values, [50 · (1 − level), 50 · (1 + level)]).
 */
export function percentileInterval(values: Float64Array, level: number): Interval | null {
  checkLevel(level);
  const rising = values.filter((value) => !Number.isNaN(value)).sort();
  if (rising.length === 0) return null;
  return { low: quantile(rising, (1 - level) / 2), high: quantile(rising, (1 + level) / 2) };
}

/**
 * Wilson's interval of a share, of draws that are independent.
 *
 * @param hits   0 to `count`.
 * @param count  Over 0.
 * @returns      Within 0 to 1, and it holds the share.
 * @throws       XrayError `evaluation/bad-level`.
 * @see          statsmodels' proportion_confint(method="wilson").
 *
 * @example
 * wilsonInterval(8, 10); // { low: 0.4902, high: 0.9433 }
 */
export function wilsonInterval(hits: number, count: number, level: number = DEFAULT_LEVEL): Interval {
  checkLevel(level);
  const z = normalQuantile((1 + level) / 2);
  const share = hits / count;
  const square = (z * z) / count;
  const centre = share + square / 2;
  const reach = z * Math.sqrt((share * (1 - share)) / count + square / (4 * count));
  return {
    low: hits === 0 ? 0 : (centre - reach) / (1 + square),
    high: hits === count ? 1 : (centre + reach) / (1 + square),
  };
}
