/**
 * From which side an image was taken: what a table calls a lateral view.
 *
 * Knows:      the words of tables, and CheXpert's file names. Not images.
 * Reference:  DICOM PS3.3 C.8.1.1, View Position (LL: left lateral, RL: right lateral; RLD and LLD lie on the side and are
 *             frontal all the same); CheXpert (`Frontal/Lateral`), MIMIC-CXR (`LATERAL`, `XTABLE LATERAL`),
 *             PadChest (`L`), Open-i (`LARGE LATERAL`).
 */

/** The option that keeps lateral images, for advice. */
export const LATERALS_OPTION = "--include-laterals";

/** What stands for the view of a lateral image where a table says no more than that. */
export const LATERAL = "Lateral";

const CODES = new Set(["l", "ll", "rl", "lat"]);

/** Whether a table's word for a view means a lateral one. Decubitus views are frontal: the patient lies on the side. */
export function isLateral(view: string | undefined): boolean {
  if (view === undefined) return false;
  const words = view.toLowerCase().split(/[^a-z]+/);
  if (words.some((word) => word.startsWith("decub"))) return false;
  return words.includes("lateral") || CODES.has(words.join(" ").trim());
}

/**
 * The view of a row.
 *
 * @param side        `Frontal`, `Lateral` or blank, where a column tells these apart (CheXpert).
 * @param projection  `AP`, `PA`, `LL`, … or blank.
 * @returns           `Lateral` of a lateral image; else the projection, or where there is none, what `side` says.
 */
export function viewOf(side: string, projection: string): string {
  if (isLateral(side)) return isLateral(projection) ? projection : LATERAL;
  return projection === "" ? side : projection;
}

/** CheXpert's names: `…/study1/view2_lateral.jpg`. */
const NAMED = /(?:^|\/)view\d+_(frontal|lateral)\.\w+$/i;

/**
 * Views that the names of images tell, where no column does.
 *
 * @returns  `Frontal` or `Lateral` for each, or undefined where not all are named as CheXpert names them.
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
