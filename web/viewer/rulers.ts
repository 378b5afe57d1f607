/**
 * Rulers: distances on a picture, in millimetres where the file says how large a pixel is.
 *
 * Knows: geometry and words. Not canvases.
 */

import type { Place, ViewerPicture } from "./picture.ts";

/** A line that is measured. */
export interface Ruler {
  readonly from: Place;
  readonly to: Place;
}

type Spacing = NonNullable<ViewerPicture["spacing"]>;

/** The length of a ruler: in millimetres with a spacing, otherwise in pixels. */
export function lengthOf({ from, to }: Ruler, spacing: Pick<Spacing, "row" | "column"> | undefined): number {
  const [across, down] = [to.x - from.x, to.y - from.y];
  return spacing === undefined
    ? Math.hypot(across, down)
    : Math.hypot(across * spacing.column, down * spacing.row);
}

/** The length in words, short enough for a label. */
export function lengthWords(ruler: Ruler, spacing: Spacing | undefined): string {
  const length = lengthOf(ruler, spacing);
  if (spacing === undefined) return `${length.toFixed(0)} px`;
  return `${length.toFixed(1)} mm${spacing.isAtDetector ? " at the detector" : ""}`;
}

/** What lengths rest on. */
export function spacingWords(spacing: Spacing | undefined): string {
  if (spacing === undefined)
    return "The file does not say how large a pixel is, so the ruler measures pixels.";
  const { row, column, source } = spacing;
  const size = row === column ? `${row}` : `${row} × ${column}`;
  return spacing.isAtDetector
    ? `${source}, ${size} mm: lengths are those at the detector, where everything appears larger than it is.`
    : `${source}, ${size} mm.`;
}

/** The end of a ruler next to a place. */
export interface RulerEnd {
  readonly ruler: number;
  readonly end: keyof Ruler;
}

/** The end of a ruler that is at most this far from a place, the last drawn one first. */
export function endNear(rulers: readonly Ruler[], { x, y }: Place, reach: number): RulerEnd | undefined {
  for (let ruler = rulers.length - 1; ruler >= 0; ruler--) {
    for (const end of ["to", "from"] as const) {
      const place = rulers[ruler]![end];
      if (Math.hypot(place.x - x, place.y - y) <= reach) return { ruler, end };
    }
  }
  return undefined;
}

/** Rulers with one end moved. */
export const withEnd = (rulers: readonly Ruler[], { ruler, end }: RulerEnd, place: Place): Ruler[] =>
  rulers.map((each, i) => (i === ruler ? { ...each, [end]: place } : each));
