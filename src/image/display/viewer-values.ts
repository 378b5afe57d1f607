/**
 * The values behind a grey picture, for a viewer that changes window and level, and the window that its grey levels were
 * made with.
 *
 * Pipeline:   stored value → **modality LUT or rescale** → the viewer's own window
 * Knows:      numbers. Not files or attributes.
 * Reference:  DICOM PS3.3 C.11.1 and C.11.2; pydicom `apply_modality_lut`.
 */

import type { VoiChoice } from "../prepare.ts";
import { type GreyDisplay, modalityOf } from "./grey.ts";
import { type CodeValues, codeValues, presentRange } from "./ranges.ts";
import { codesOf, type StoredSamples } from "./stored-values.ts";
import { isUsable, type Window } from "./window.ts";

/** A linear window: `center` is shown mid-grey, and `center − width/2` and `center + width/2` are the ends of the greys. */
export interface ViewerWindow {
  /** In units of the values. */
  readonly center: number;
  /** In the same units; above 0. */
  readonly width: number;
  /**
   * Whether this window gives the picture's own grey levels, to one level. If false, the picture's curve is not linear (a
   * VOI LUT, a sigmoid, equalisation), and this window only spans the same values.
   */
  readonly exact: boolean;
}

/** The values of a grey picture. */
export interface ViewerValues {
  /** H·W, in the smallest type that holds them. */
  readonly values: Uint16Array | Int16Array | Float32Array;
  /** Undefined if all values are equal. */
  readonly window: ViewerWindow | undefined;
  /** Values from `low` to `high` belong to no picture, and are black in every window. */
  readonly padding: { readonly low: number; readonly high: number } | undefined;
}

/** The window from one value to another; undefined if they are equal. */
export const windowBetween = (low: number, high: number, exact = true): ViewerWindow | undefined =>
  high > low ? { center: (low + high) / 2, width: high - low, exact } : undefined;

/** A DICOM window in the plain linear form: LINEAR is half a value lower and one value narrower (PS3.3 C.11.2.1.2.1). */
function plainWindow({ center, width, shape }: Window): ViewerWindow {
  if (shape !== "LINEAR") return { center, width, exact: shape === "LINEAR_EXACT" };
  // A width of 1 is a step, which no linear window has.
  return width > 1
    ? { center: center - 0.5, width: width - 1, exact: true }
    : { center: center - 0.5, width: 1, exact: false };
}

function windowOf(values: CodeValues, display: GreyDisplay, voi: VoiChoice): ViewerWindow | undefined {
  if (voi === "full-range") return windowBetween(...values.limits);
  const present = presentRange(values) ?? [0, 0];
  if (voi !== "default") return windowBetween(...present, voi === "minmax");
  if (display.voiTable !== undefined) {
    const { first, entries } = display.voiTable;
    const [low, high] = [Math.max(first, present[0]), Math.min(first + entries.length - 1, present[1])];
    return windowBetween(low, high, false) ?? windowBetween(...present, false);
  }
  const named = display.windows.find(isUsable);
  return named === undefined ? windowBetween(...present) : plainWindow(named);
}

/** An array of some length, of the smallest type that holds all values of a table. */
function arrayFor(table: Float64Array, length: number): ViewerValues["values"] {
  const isWithin = (low: number, high: number) =>
    table.every((value) => Number.isInteger(value) && value >= low && value <= high);
  if (isWithin(0, 65_535)) return new Uint16Array(length);
  return isWithin(-32_768, 32_767) ? new Int16Array(length) : new Float32Array(length);
}

/** The range of values that are padding; undefined unless some sample is. */
function paddingOf({ values, isPadding, counts }: CodeValues): ViewerValues["padding"] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const present = counts();
  for (let code = 0; code < values.length; code++) {
    if (!isPadding(code) || present[code] === 0) continue;
    low = Math.min(low, values[code]!);
    high = Math.max(high, values[code]!);
  }
  return low <= high ? { low, high } : undefined;
}

/**
 * The values of a picture after the modality's step.
 *
 * @param stored  One sample per pixel. Not modified.
 * @param voi     How the picture was displayed. With `full-range` the values are the stored ones, as they are then displayed
 *                without the modality's step.
 */
export function viewerValues(stored: StoredSamples, display: GreyDisplay, voi: VoiChoice): ViewerValues {
  const isRaw = voi === "full-range";
  const modality = modalityOf(isRaw ? { ...display, modality: undefined } : display);
  const byCode = codeValues(stored, modality.apply, isRaw ? undefined : display.padding);
  const { shift, mask } = codesOf(stored);
  const { samples } = stored;
  const values = arrayFor(byCode.values, samples.length);
  for (let i = 0; i < values.length; i++) values[i] = byCode.values[(samples[i]! >> shift) & mask]!;
  return { values, window: windowOf(byCode, display, voi), padding: paddingOf(byCode) };
}
