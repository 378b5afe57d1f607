/**
 * From which side an image was taken: what a table calls a lateral view, and what a frontal one.
 *
 * Knows:      the words of tables, and CheXpert's file names. Not images. A number is no word: of public projects that code
 *             CheXpert's `Frontal/Lateral`, most write 0 for frontal (the data set's copies on Hugging Face too), others 1.
 * Reference:  DICOM PS3.3 C.8.1.1, View Position (LL: left lateral, RL: right lateral; RLD and LLD lie on the side and are
 *             frontal all the same); CheXpert (`Frontal/Lateral`), MIMIC-CXR (`LATERAL`, `XTABLE LATERAL`),
 *             PadChest (`L`), Open-i (`LARGE LATERAL`).
 */

/** What stands for the view of a lateral image where a table says no more than that. */
export const LATERAL = "Lateral";

/** Codes that mean a lateral view where nothing stands beside them. */
const LATERAL_CODES = new Set(["l", "ll", "rl"]);

/** `Lat`, `LLAT`, `RLAT`, `Lateral`, `LATERALS`, `XTableLateral`; neither `bilateral` nor `latitude`. */
const LATERAL_WORD = /^(?:l|r|lt|rt|left|right|xtable|crosstable)?lat(?:s|l|r|eral|erals|eralview)?$/;

/** `AP`, `PA`, spelt out, or called frontal. Decubitus views are frontal: the patient lies on the side. */
const FRONTAL_WORD = /^(?:ap|pa|frontal|anteroposterior|posteroanterior|antero|postero|rld|lld|decub\w*)$/;

/** `unclear` is what can be read as neither, or says both (`PA/LAT`, `0`, `LLO`, `SWIMMERS`). */
export type Side = "frontal" | "lateral" | "unclear";

/** Sides by the words for them: a table of a hundred thousand rows has a handful. */
const KNOWN = new Map<string, Side>();
const MOST_KNOWN = 1_000;

/** Which side a table's word for a view means. */
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

/** Whether a table's word for a view means a lateral one. */
export const isLateral = (view: string | undefined): boolean =>
  view !== undefined && sideOf(view) === "lateral";

/**
 * The view of a row.
 *
 * @param side        `Frontal`, `Lateral` or blank, where a column tells these apart (CheXpert).
 * @param projection  `AP`, `PA`, `LL`, … or blank.
 * @returns           `Lateral` of a lateral image; else the projection, or what `side` says where there is none, or one
 *                    that cannot be read.
 */
export function viewOf(side: string, projection: string): string {
  if (isLateral(side)) return isLateral(projection) ? projection : LATERAL;
  if (projection === "") return side;
  return sideOf(side) === "frontal" && sideOf(projection) === "unclear" ? side : projection;
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
