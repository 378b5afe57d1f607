/**
 * The view that each attribute of a header means.
 *
 * Reference:  DICOM PS3.3 C.8.1.1 (View Position) and C.7.6.1.1.1 (Patient Orientation: the direction of a row, and of a
 *             column, each by letters of which the first counts most); PS3.16 CID 4010 (View Code Sequence), with the
 *             SNOMED-RT codes of older files from pydicom's table.
 */

import type { CodedEntry } from "../formats/dicom/facts.ts";
import { sideOf } from "../view-words.ts";

export type View = "frontal" | "lateral" | "oblique" | "decubitus" | "other";

/** `RLD` and `LLD`; MIMIC-CXR has `PA LLD` and `AP RLD`. */
const ON_THE_SIDE = /\b(?:RLD|LLD|DECUB\w*)\b/;
/** `RLO` and `LLO`; MIMIC-CXR has `RAO`, `LAO` and `LPO`. */
const OBLIQUE = /\b(?:RLO|LLO|RAO|LAO|RPO|LPO|OBL\w*)\b/;

/** The view of a View Position; undefined if it is empty or no known word. */
export function fromPosition(value: string | undefined): View | undefined {
  const words = (value ?? "").toUpperCase().replaceAll("_", " ");
  if (ON_THE_SIDE.test(words)) return "decubitus";
  if (OBLIQUE.test(words)) return "oblique";
  const side = sideOf(words);
  return side === "unclear" ? undefined : side;
}

/** CID 4010, the views of the chest: SNOMED CT and SNOMED-RT. */
const VIEW_CODES: Readonly<Record<Exclude<View, "decubitus" | "other">, readonly string[]>> = {
  // Antero-posterior, postero-anterior, frontal.
  frontal: ["399348003", "R-10206", "272479007", "R-40888", "399033003", "R-10202"],
  // Lateral, right lateral, left lateral.
  lateral: ["399067008", "R-102CD", "399198007", "R-10232", "399173006", "R-10236"],
  oblique: [
    // Oblique, right, left; frontal oblique; antero-posterior oblique, postero-anterior oblique; lateral oblique.
    ...["399182000", "R-102C1", "399236003", "R-10234", "399184004", "R-10238", "399160007", "R-10204"],
    ...["399312000", "R-10208", "399059000", "R-10216", "260427002", "R-40783"],
    // Right and left anterior, right and left posterior.
    ...["399356000", "R-40985", "399135007", "R-10220", "399038007", "R-10210", "399006002", "R-10212"],
  ],
};

/** Schemes whose codes `VIEW_CODES` has. `SNM3` and `99SDM` are older names of SRT. */
const SCHEMES = ["SCT", "SRT", "SNM3", "99SDM"];

/** The view of a View Code Sequence, by its first known scheme; undefined if there is none. */
export function fromCodes(codes: readonly CodedEntry[]): View | undefined {
  const code = codes.find(({ scheme }) => SCHEMES.includes(scheme));
  if (code === undefined) return undefined;
  if (VIEW_CODES.frontal.includes(code.value)) return "frontal";
  if (VIEW_CODES.lateral.includes(code.value)) return "lateral";
  return VIEW_CODES.oblique.includes(code.value) ? "oblique" : "other";
}

/** The main directions of rows and columns, such as `LF`; undefined unless there are two. */
function directions(orientation: readonly string[]): string | undefined {
  if (orientation.length !== 2) return undefined;
  const text = orientation.map((value) => value.trim().charAt(0).toUpperCase()).join("");
  return /^[LRAPHF]{2}$/.test(text) ? text : undefined;
}

/** The view of a Patient Orientation: a picture between front and back is lateral, one between left and right frontal. */
export function fromOrientation(orientation: readonly string[]): View | undefined {
  const text = directions(orientation);
  if (text === undefined) return undefined;
  if (!/[HF]/.test(text)) return "other";
  if (/[AP]/.test(text)) return "lateral";
  return /[LR]/.test(text) ? "frontal" : undefined;
}

/** How a frontal picture is turned: L\F is upright, as chest X-rays are shown. */
export function turnedAs(orientation: readonly string[]): string | undefined {
  const text = directions(orientation);
  if (text === undefined || text === "LF") return undefined;
  if (text === "RF") return "mirrored";
  return /[HF]$/.test(text) ? "upside down" : "turned by a quarter";
}
