/**
 * Windows by hand: which values of a picture are shown how bright.
 *
 * Pipeline:   values, window → **table of grey levels** → canvas (`raster.ts`)
 * Knows:      numbers. Not canvases.
 * Reference:  DICOM PS3.3 C.11.2.1.3.2 (LINEAR_EXACT): centre ± width / 2 are black and white.
 */

import { windowed } from "../../src/image/display/window.ts";
import type { ViewerPicture, ViewWindow } from "./picture.ts";

/** Samples to look up in a table by their lowest 16 bits. */
export type Codes = Uint8Array | Uint16Array | Int16Array;

/** What a window is applied to. */
export interface Windowable {
  /** H·W, or H·W·3 in colour. */
  readonly codes: Codes;
  /** Entries of a table for them. */
  readonly count: number;
  /** The value that a code stands for. */
  readonly valueAt: (code: number) => number;
  /** The code that stands for a value, or for the nearest one that has a code. */
  readonly codeOf: (value: number) => number;
  /** Values that belong to no picture. */
  readonly padding: ViewerPicture["padding"];
  /** The smallest and the largest value. */
  readonly low: number;
  readonly high: number;
  /** The picture's own window. */
  readonly window: ViewWindow;
  /** Whether high values are dark. */
  readonly inverted: boolean;
  /** Whether these are the picture's values rather than its grey levels. */
  readonly hasValues: boolean;
}

const EIGHT_BITS: ViewWindow = { center: 127.5, width: 255 };

function extremes(values: ArrayLike<number>): { readonly low: number; readonly high: number } {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? { low, high } : { low: 0, high: 0 };
}

/** Fractional values as 65,536 equal steps between the smallest and the largest. */
function inSteps(values: Float32Array, low: number, high: number): { codes: Uint16Array; step: number } {
  const step = high > low ? (high - low) / 65_535 : 1;
  const codes = new Uint16Array(values.length);
  for (let i = 0; i < values.length; i++) codes[i] = (values[i]! - low) / step + 0.5;
  return { codes, step };
}

const nearest = (value: number, low: number, high: number): number =>
  Math.min(high, Math.max(low, Math.round(value)));

/** What of a picture is windowed: its values, or its grey levels if there are none. */
export function windowableOf({ shown, values, window, inverted, padding }: ViewerPicture): Windowable {
  if (values === undefined) {
    const range = { low: 0, high: 255, window: EIGHT_BITS, inverted: false, hasValues: false };
    const codeOf = (value: number) => nearest(value, 0, 255);
    return { codes: shown, count: 256, valueAt: (code) => code, codeOf, padding: undefined, ...range };
  }
  const { low, high } = extremes(values);
  const own = window ?? { center: (low + high) / 2, width: Math.max(high - low, 1) };
  const about = { low, high, window: { center: own.center, width: own.width }, inverted, hasValues: true };
  if (values instanceof Float32Array) {
    const { codes, step } = inSteps(values, low, high);
    const codeOf = (value: number) => nearest((value - low) / step, 0, 65_535);
    // A step is as near as a code tells values apart.
    const apart = padding && { low: padding.low - step / 2, high: padding.high + step / 2 };
    return { codes, count: 65_536, valueAt: (code) => low + code * step, codeOf, padding: apart, ...about };
  }
  const isSigned = values instanceof Int16Array;
  const valueAt = (code: number) => (isSigned && code > 32_767 ? code - 65_536 : code);
  const [least, most] = isSigned ? [-32_768, 32_767] : [0, 65_535];
  const codeOf = (value: number) => nearest(value, least, most);
  return { codes: values, count: 65_536, valueAt, codeOf, padding, ...about };
}

/** The grey level of each code, 0 to 255, rounded. Padding is black, also where black and white are inverted. */
export function levelTable(windowable: Windowable, window: ViewWindow, isInverted: boolean): Uint8Array {
  const { count, valueAt, inverted, padding } = windowable;
  const linear = { ...window, shape: "LINEAR_EXACT" } as const;
  const isDark = inverted !== isInverted;
  return Uint8Array.from({ length: count }, (_, code) => {
    const value = valueAt(code);
    if (padding !== undefined && value >= padding.low && value <= padding.high) return 0;
    const share = windowed(linear, value);
    return Math.round(255 * (isDark ? 1 - share : share));
  });
}

/** The grey levels of `ViewerPicture.shown`, inverted or as they are. */
export const shownTable = (isInverted: boolean): Uint8Array =>
  Uint8Array.from({ length: 256 }, (_, level) => (isInverted ? 255 - level : level));

/** The narrowest window: one that tells neighbouring values apart. */
const narrowest = ({ low, high }: Windowable): number => Math.min(1, (high - low || 1) / 256);

/** A drag over this many CSS pixels changes a window by the width of the picture's own. */
const FULL_DRAG = 400;

/** In steps that a readout can name. */
function rounded(value: number, span: number): number {
  return span >= 100 ? Math.round(value) : Number(value.toPrecision(4));
}

/** The window after a drag: to the right for less contrast, down for a darker picture, as readers are used to. */
export function draggedWindow(from: ViewWindow, windowable: Windowable, dx: number, dy: number): ViewWindow {
  const { low, high, window } = windowable;
  const step = window.width / FULL_DRAG;
  const span = Math.max(high - low, window.width);
  const center = Math.min(high + span / 2, Math.max(low - span / 2, from.center + dy * step));
  const width = Math.min(span * 4, from.width + dx * step);
  return {
    center: dy === 0 ? from.center : rounded(center, span),
    width: dx === 0 ? from.width : Math.max(narrowest(windowable), rounded(width, span)),
  };
}
