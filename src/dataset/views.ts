/**
 * Whether an image is frontal or lateral, according to a table's words for its view.
 *
 * Knows:      the words in tables, and CheXpert's file names. Not images. Numbers are not interpreted: of the public
 *             projects that encode CheXpert's `Frontal/Lateral`, most write 0 for frontal (as do the data set's copies
 *             on Hugging Face), others 1.
 * Reference:  DICOM PS3.3 C.8.1.1, View Position (LL: left lateral, RL: right lateral; in RLD and LLD the patient lies
 *             on the side, but the view is frontal); CheXpert (`Frontal/Lateral`), MIMIC-CXR (`LATERAL` and `XTABLE
 *             LATERAL`), PadChest (`L`), Open-i (`LARGE LATERAL`).
 */

/** The view of a lateral image about which a table says no more. */
export const LATERAL = "Lateral";

/** Codes that mean a lateral view if there is nothing else in the field. */
const LATERAL_CODES = new Set(["l", "ll", "rl"]);

/** `Lat`, `LLAT`, `RLAT`, `Lateral`, `LATERALS`, `XTableLateral`, but neither `bilateral` nor `latitude`. */
const LATERAL_WORD = /^(?:l|r|lt|rt|left|right|xtable|crosstable)?lat(?:s|l|r|eral|erals|eralview)?$/;

/** `AP` or `PA`, also spelt out, or `frontal`. Decubitus views are frontal, although the patient lies on the side. */
const FRONTAL_WORD = /^(?:ap|pa|frontal|anteroposterior|posteroanterior|antero|postero|rld|lld|decub\w*)$/;

/** `unclear` stands for words that mean neither, or both (`PA/LAT`, `0`, `LLO`, `SWIMMERS`). */
export type Side = "frontal" | "lateral" | "unclear";

/** Known words and their sides. A table of a hundred thousand rows has only a handful of words. */
const KNOWN = new Map<string, Side>();
const MOST_KNOWN = 1_000;

/** The side that a table's word for a view means. */
export function sideOf(view: string): Side {
  const known = KNOWN.get(view);
  if (known !== undefined) return known;
  const side = readSide(view);
  if (KNOWN.size < MOST_KNOWN) KNOWN.set(view, side);
  return side;
}

function readSide(view: string): Side {
  const words = view
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((word) => word !== "");
  if (words.some((word) => word.startsWith("decub"))) return "frontal";
  const isFrontal = words.some((word) => FRONTAL_WORD.test(word));
  const isLateral = words.some((word) => LATERAL_WORD.test(word)) || LATERAL_CODES.has(words.join(" "));
  if (isFrontal === isLateral) return "unclear";
  return isFrontal ? "frontal" : "lateral";
}

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
