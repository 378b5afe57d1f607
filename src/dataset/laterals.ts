/**
 * Finding lateral images, which are left out unless they are asked for, because models here are for frontal X-rays.
 *
 * Knows: label tables. Not files, models or the wording of notes.
 */

import { sideOf } from "../view-words.ts";
import type { LabelledImage } from "./label-table.ts";
import { isLateral } from "./views.ts";

/** The views of images, as far as a table gives them. */
export interface Sides {
  /** Indices of the lateral images, ascending. */
  readonly laterals: readonly number[];
  /** Number of images without a view. */
  readonly without: number;
  /** The view of each image whose view can be read as neither frontal nor lateral. */
  readonly unclear: readonly string[];
}

/** From which sides the images of a table were taken. */
export function sidesOf(images: readonly LabelledImage[]): Sides {
  return {
    laterals: images.flatMap(({ view }, i) => (isLateral(view) ? [i] : [])),
    without: images.filter(({ view }) => view === undefined).length,
    unclear: images.flatMap(({ view }) => (view !== undefined && sideOf(view) === "unclear" ? [view] : [])),
  };
}
