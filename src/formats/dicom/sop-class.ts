/**
 * What kind of object a DICOM file holds, by its SOP class.
 *
 * Knows:      the classes of objects without a picture. Any other counts as an image, since reading it says more.
 * Reference:  DICOM PS3.6, Annex A; PS3.4, B.5.
 */

/** The kind of an object: an image, a directory of files, or the name of something else, in the singular. */
export type ObjectKind =
  | "image"
  | "directory"
  | "structured report"
  | "key object selection"
  | "presentation state"
  | "waveform"
  | "encapsulated document"
  | "radiotherapy object"
  | "registration or raw data object";

const DIRECTORY = "1.2.840.10008.1.3.10";
const STORAGE = "1.2.840.10008.5.1.4.1.1.";

/** The first that fits counts. Classes are numbered below `STORAGE`; one that ends with a dot stands for all below it. */
const KINDS: readonly (readonly [string, ObjectKind])[] = [
  ["88.59", "key object selection"],
  ["88.", "structured report"],
  ["11.", "presentation state"],
  ["9.", "waveform"],
  ["104.", "encapsulated document"],
  // An RT Image has a picture.
  ["481.1", "image"],
  ["481.", "radiotherapy object"],
  ["66.1", "registration or raw data object"],
  ["66.2", "registration or raw data object"],
  ["66.3", "registration or raw data object"],
  ["66", "registration or raw data object"],
  ["67", "registration or raw data object"],
];

/** The kind of object of a SOP Class UID; `image` if it is unknown. */
export function objectKind(sopClassUid: string | undefined): ObjectKind {
  if (sopClassUid === undefined || !sopClassUid.startsWith(STORAGE))
    return sopClassUid === DIRECTORY ? "directory" : "image";
  const number = sopClassUid.slice(STORAGE.length);
  const fits = (known: string) => (known.endsWith(".") ? number.startsWith(known) : number === known);
  return KINDS.find(([known]) => fits(known))?.[1] ?? "image";
}
