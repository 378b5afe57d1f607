/**
 * How figures and their intervals are written.
 *
 * Knows: numbers.
 */

import type { Interval } from "../../evaluation/intervals.ts";
import type { Criterion } from "../../evaluation/operating-points.ts";
import type { BootstrapFigure } from "../../evaluation/replicated.ts";
import { share } from "../words/table.ts";

/** `[low, high]` for programs. */
export const pairOf = (interval: Interval | null): [number, number] | null =>
  interval === null ? null : [interval.low, interval.high];

/** `.812`, or `−.812` of a figure that may be below 0; `–` where there is none. */
export const signedShare = (value: number | null): string =>
  value === null || value >= 0 ? share(value) : `−${share(-value)}`;

/** `.812 (.790–.831)`; `–` where there is none. */
export const withBounds = (value: number | null, interval: Interval | null): string =>
  interval === null
    ? signedShare(value)
    : `${signedShare(value)} (${signedShare(interval.low)}–${signedShare(interval.high)})`;

/** The same of a figure with its interval. */
export const withInterval = (figure: BootstrapFigure | null): string =>
  withBounds(figure?.value ?? null, figure?.interval ?? null);

/** A difference of shares: `+.012`, `−.120`, `.000`. */
export function signed(value: number): string {
  const digits = share(Math.abs(value));
  return /[1-9]/.test(digits) ? `${value < 0 ? "−" : "+"}${digits}` : digits;
}

/** `+.012 (−.003 to +.027)`; `–` where there is none. */
export function signedInterval(figure: BootstrapFigure | null): string {
  if (figure === null) return "–";
  const { value, interval } = figure;
  return interval === null
    ? signed(value)
    : `${signed(value)} (${signed(interval.low)} to ${signed(interval.high)})`;
}

/** A threshold, or another number that may be small. */
export const smallShare = (value: number): string =>
  value !== 0 && Math.abs(value) < 0.001 ? value.toExponential(1) : share(value);

/** What a fitted threshold is called. */
export const criterionName = (criterion: Criterion): string => {
  switch (criterion.kind) {
    case "youden":
      return "Youden's J";
    case "f1":
      return "largest F1";
    case "sensitivity":
    case "specificity":
      return `${criterion.kind} ${share(criterion.target)}`;
  }
};
