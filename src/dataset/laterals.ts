/**
 * Lateral images take no part unless they are asked for: models here are made for frontal X-rays.
 *
 * Knows: label tables. Not files, models or how this is said.
 */

import type { LabelledImage } from "./label-table.ts";
import { isLateral, sideOf } from "./views.ts";

/** What the views of images are, as far as a table says it. */
export interface Sides {
  /** Lateral images: into the images, rising. */
  readonly laterals: readonly number[];
  /** Images without a view. */
  readonly without: number;
  /** The views of the others that can be read as neither frontal nor lateral, one for each image. */
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
