/**
 * How the names of images are spelled, and which differences in spelling do not matter.
 *
 * Knows:      names as text. Not files, and not which of several images is meant (`image-identity.ts`).
 * Reference:  Unicode Standard Annex 15. Tables hold composed letters (NFC); macOS used to write decomposed ones (NFD).
 */

import { DICOM_ENDINGS, IMAGE_ENDINGS } from "../formats/image-names.ts";

/** File extensions of pictures, in lower case: of the formats that are read here, and of other common ones. */
export const PICTURE_ENDINGS: ReadonlySet<string> = new Set([
  ...IMAGE_ENDINGS,
  ...DICOM_ENDINGS,
  ...[".jp2", ".bmp", ".gif"],
]);

/** Length of the longest extension, with its dot. */
const LONGEST_ENDING = Math.max(...Array.from(PICTURE_ENDINGS, ({ length }) => length));

/** At most this many folders are compared, from the image upwards, so that a name full of slashes is not slow. */
export const MOST_FOLDERS = 15;

/** Parts of a path that are not folders: `.`, `..`, and the empty part between two slashes. */
const NO_FOLDER = /(?:^|\/)\.{0,2}(?:\/|$)/;

/** Characters that may have several spellings in Unicode. Nothing below U+0300 combines. */
const MAY_COMBINE = /[\u0300-\uffff]/;

/** An image's name from a field of a table, with forward slashes: `.\train\a.png` → `train/a.png`. */
export function imageName(field: string): string {
  const name = field.trim();
  const slashed = name.includes("\\") ? name.replaceAll("\\", "/") : name;
  return slashed.startsWith("./") ? slashed.slice(2) : slashed;
}

/** A path without `.`, `..`, doubled slashes, and slashes at its ends. `..` removes the folder before it. */
function foldersOf(path: string): string {
  if (!path.includes("/")) return path === "." || path === ".." ? "" : path;
  if (!NO_FOLDER.test(path)) return path;
  const kept: string[] = [];
  for (const part of path.split("/")) {
    if (part === "..") kept.pop();
    else if (part !== "." && part !== "") kept.push(part);
  }
  return kept.join("/");
}

/**
 * A name in its plain spelling: with forward slashes and composed letters, without `.`, `..`, doubled slashes and
 * surrounding space.
 *
 * Two names with the same plain spelling always mean the same image.
 */
export function plainName(name: string): string {
  const path = foldersOf(imageName(name));
  return MAY_COMBINE.test(path) ? path.normalize("NFC") : path;
}

/** A name without its folders, whether these are separated by slashes or backslashes. */
export function fileNameOf(name: string): string {
  const path = imageName(name);
  return path.slice(path.lastIndexOf("/") + 1);
}

/**
 * Where the file extension of a picture begins. If there is none, as in `1.2.840.113619` and `.png`, it is `end`.
 *
 * @param end  Where the name ends.
 */
function endingAt(name: string, end = name.length): number {
  let dot = end - 1;
  while (dot > 0 && end - dot < LONGEST_ENDING && name[dot] !== ".") dot -= 1;
  const isFound = dot > 0 && name[dot - 1] !== "/" && PICTURE_ENDINGS.has(name.slice(dot, end).toLowerCase());
  return isFound ? dot : end;
}

/** A name without the file extension of a picture. */
export const withoutEnding = (name: string): string => name.slice(0, endingAt(name));

/** The file extension of a picture, in lower case, with its dot; empty if there is none. */
export const endingOf = (name: string): string => name.slice(endingAt(name)).toLowerCase();

/** The form in which names are compared: the plain spelling, with the extension in lower case. */
export function comparedName(name: string): string {
  const plain = plainName(name);
  const at = endingAt(plain);
  const ending = plain.slice(at);
  const lower = ending.toLowerCase();
  return lower === ending ? plain : plain.slice(0, at) + lower;
}

/**
 * What all names of one image have in common: the file name in its plain spelling, without any extensions of pictures.
 */
export function fileKey(name: string): string {
  const plain = plainName(name);
  const from = plain.lastIndexOf("/") + 1;
  let end = plain.length;
  for (let at = endingAt(plain, end); at < end; at = endingAt(plain, end)) end = at;
  return plain.slice(from, end);
}

/** The ends of a name, from each folder's boundary on, shortest first: for `a/b/c`, `c` and `b/c`. */
export function endsOf(name: string): string[] {
  const ends: string[] = [];
  let at = name.lastIndexOf("/");
  while (at >= 0 && ends.length <= MOST_FOLDERS) {
    ends.push(name.slice(at + 1));
    at = at === 0 ? -1 : name.lastIndexOf("/", at - 1);
  }
  return ends;
}
