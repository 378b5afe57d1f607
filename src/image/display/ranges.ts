/**
 * The values that a picture's samples may have and those that they do have, and tone curves over their range.
 *
 * Knows: numbers. Not files or attributes.
 */

import { codesOf, countCodes, type StoredSamples, storedValue } from "./stored-values.ts";

/** A tone curve: values → shares of the display range, 0 to 1. */
export interface Tone {
  readonly apply: (value: number) => number;
  /** For the receipt. */
  readonly step: string;
  readonly notes: readonly string[];
}

/** All codes of a picture with their values. */
export interface CodeValues {
  /** By code: the value after the modality's step. */
  readonly values: Float64Array;
  /** The lowest and the highest stored value that the bits can hold. */
  readonly limits: readonly [number, number];
  readonly isPadding: (code: number) => boolean;
  /** By code: how many samples have it. Counted once, when first asked for. */
  readonly counts: () => Uint32Array;
  /** What to say about padding, if any sample is padding. */
  readonly paddingSteps: () => string[];
}

/**
 * Compute the values of all codes.
 *
 * @param modality  Stored value → value.
 * @param padding   Stored values that are padding.
 */
export function codeValues(
  stored: StoredSamples,
  modality: (value: number) => number,
  padding: { readonly low: number; readonly high: number } | undefined,
): CodeValues {
  const { mask } = codesOf(stored);
  const values = new Float64Array(mask + 1);
  for (let code = 0; code <= mask; code++) values[code] = modality(storedValue(code, stored));
  let counted: Uint32Array | undefined;
  const counts = () => {
    counted ??= countCodes(stored);
    return counted;
  };
  const isPadding = (code: number): boolean => {
    if (padding === undefined) return false;
    const value = storedValue(code, stored);
    return value >= padding.low && value <= padding.high;
  };
  const count = 2 ** (stored.saidBits ?? stored.bitsStored);
  return {
    values,
    limits: stored.isSigned ? [-count / 2, count / 2 - 1] : [0, count - 1],
    isPadding,
    counts,
    paddingSteps: () => {
      if (padding === undefined || !counts().some((count, code) => count > 0 && isPadding(code))) return [];
      const { low, high } = padding;
      return [`padding ${low === high ? low : `${low} … ${high}`} drawn black`];
    },
  };
}

/** The lowest and highest value among the samples that are not padding; undefined if all are. */
export function presentRange({ values, isPadding, counts }: CodeValues): [number, number] | undefined {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const present = counts();
  for (let code = 0; code < values.length; code++) {
    if (present[code] === 0 || isPadding(code)) continue;
    low = Math.min(low, values[code]!);
    high = Math.max(high, values[code]!);
  }
  return low <= high ? [low, high] : undefined;
}

/** A value for a receipt, which may be a fraction. */
const short = (value: number): string => String(Number(value.toPrecision(7)));

/** The tone curve from the lowest to the highest value of a picture. A picture of one value is black. */
export function minmax(range: readonly [number, number] | undefined, why: string): Tone {
  if (range === undefined)
    return { apply: () => 0, step: `min–max of no values${why}`, notes: ["all pixels are padding"] };
  const [low, high] = range;
  const apply = low === high ? () => 0 : (value: number) => (value - low) / (high - low);
  return {
    apply: (value) => Math.min(1, Math.max(0, apply(value))),
    step: `min–max ${short(low)} … ${short(high)}${why}`,
    notes: low === high ? [`all pixels have the value ${low}`] : [],
  };
}
