/**
 * VOI windows: values in, shares of the display range out.
 *
 * Pipeline:   modality LUT or rescale → **window** → inversion → 8 bits
 * Knows:      numbers. Not files or attributes.
 * Reference:  DICOM PS3.3 C.11.2.1.2.1 (LINEAR), C.11.2.1.3.1 (SIGMOID), C.11.2.1.3.2 (LINEAR_EXACT); pydicom
 *             `apply_windowing`.
 */

export const WINDOW_SHAPES = ["LINEAR", "LINEAR_EXACT", "SIGMOID"] as const;

export type WindowShape = (typeof WINDOW_SHAPES)[number];

/** A window, in the units of the values after the modality LUT or rescale. */
export interface Window {
  readonly center: number;
  readonly width: number;
  readonly shape: WindowShape;
}

/** Whether a window may be applied: a LINEAR one has a width of at least 1, the others one above 0. */
export const isUsable = ({ center, width, shape }: Window): boolean =>
  Number.isFinite(center) && Number.isFinite(width) && (shape === "LINEAR" ? width >= 1 : width > 0);

const clamped = (share: number): number => (share < 0 ? 0 : share > 1 ? 1 : share);

/** The linear form of both linear shapes; a width of 0 is a step after the centre. */
function linear(value: number, center: number, width: number): number {
  if (width === 0) return value <= center ? 0 : 1;
  return clamped((value - center) / width + 0.5);
}

/**
 * Map a value through a window that is usable.
 *
 * @returns  0 (black, before any inversion) to 1, unrounded.
 */
export function windowed({ center, width, shape }: Window, value: number): number {
  switch (shape) {
    case "LINEAR":
      return linear(value, center - 0.5, width - 1);
    case "LINEAR_EXACT":
      return linear(value, center, width);
    case "SIGMOID":
      return 1 / (1 + Math.exp((-4 * (value - center)) / width));
  }
}
