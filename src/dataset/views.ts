/**
 * Whether an image is frontal or lateral, according to a table's words for its view.
 *
 * Knows:      CheXpert's columns and file names. `view-words.ts` knows the words.
 */

import { sideOf } from "../view-words.ts";

/** The view of a lateral image about which a table says no more. */
export const LATERAL = "Lateral";

/** Whether a table's word for a view means a lateral view. */
export const isLateral = (view: string | undefined): boolean =>
  view !== undefined && sideOf(view) === "lateral";

/**
 * The view of a row.
 *
 * @param side        `Frontal`, `Lateral` or blank, from a separate column (CheXpert).
 * @param projection  `AP`, `PA`, `LL`, … or blank.
 * @returns           For a lateral image, its projection if that is a lateral one, else `Lateral`. For other images,
 *                    the projection, or `side` if the projection is blank, or is unclear while `side` is frontal.
 */
export function viewOf(side: string, projection: string): string {
  if (isLateral(side)) return isLateral(projection) ? projection : LATERAL;
  if (projection === "") return side;
  return sideOf(side) === "frontal" && sideOf(projection) === "unclear" ? side : projection;
}

/** CheXpert's names: `…/study1/view2_lateral.jpg`. */
const NAMED = /(?:^|\/)view\d+_(frontal|lateral)\.\w+$/i;

/**
 * Views from the names of images, if no column gives them.
 *
 * @returns  `Frontal` or `Lateral` for each image, or undefined unless all are named as in CheXpert.
 */
export function viewsFromNames(names: readonly string[]): readonly string[] | undefined {
  const views: string[] = [];
  for (const name of names) {
    const side = NAMED.exec(name)?.[1];
    if (side === undefined) return undefined;
    views.push(side.toLowerCase() === "lateral" ? LATERAL : "Frontal");
  }
  return views;
}
