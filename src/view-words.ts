/**
 * Whether a word for the view of a chest X-ray means a frontal or a lateral image.
 *
 * Knows:      the words in tables and in DICOM headers. Not images. Numbers are not interpreted: of the public projects
 *             that encode CheXpert's `Frontal/Lateral`, most write 0 for frontal (as do the data set's copies on Hugging
 *             Face), others 1.
 * Reference:  DICOM PS3.3 C.8.1.1, View Position (LL: left lateral, RL: right lateral; in RLD and LLD the patient lies
 *             on the side, but the view is frontal); CheXpert (`Frontal/Lateral`), MIMIC-CXR (`LATERAL` and `XTABLE
 *             LATERAL`), PadChest (`L`), Open-i (`LARGE LATERAL`).
 */

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

/** The side that a word for a view means. */
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
