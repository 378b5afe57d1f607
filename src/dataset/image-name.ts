/**
 * How the name of an image is spelled, and what in the spelling says nothing about which image it is.
 *
 * Knows:      names as text. Not files, and not which of several images is meant (`image-identity.ts`).
 * Reference:  Unicode Standard Annex 15: tables hold composed letters (NFC), macOS wrote decomposed ones (NFD).
 */

import { IMAGE_ENDINGS } from "../formats/image-names.ts";

/** Endings of pictures, in lower case: of the formats that are read here, and of those from which copies are made. */
export const PICTURE_ENDINGS: ReadonlySet<string> = new Set([
  ...IMAGE_ENDINGS,
  ...[".dcm", ".dicom", ".jp2", ".bmp", ".gif"],
]);

/** The longest of them, with its dot. */
const LONGEST_ENDING = Math.max(...Array.from(PICTURE_ENDINGS, ({ length }) => length));

/** Folders that are compared at most, from the image upwards: a name of nothing but slashes costs no more than another. */
export const MOST_FOLDERS = 15;

/** Parts of a path that are no folders: `.`, `..`, and what lies between two slashes. */
const NO_FOLDER = /(?:^|\/)\.{0,2}(?:\/|$)/;

/** Letters that Unicode may spell in several ways: below U+0300 nothing combines. */
const MAY_COMBINE = /[\u0300-\uffff]/;

/** A field that names an image, with forward slashes: `.\train\a.png` → `train/a.png`. */
export function imageName(field: string): string {
  const name = field.trim();
  const slashed = name.includes("\\") ? name.replaceAll("\\", "/") : name;
  return slashed.startsWith("./") ? slashed.slice(2) : slashed;
}

/** A path without `.`, `..`, doubled slashes, and slashes at either end. */
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
 * A name in its plain spelling: forward slashes, no `.`, `..` and doubled slashes, no space around it, composed letters.
 *
 * Two names of one plain spelling are always the same image.
 */
export function plainName(name: string): string {
  const path = foldersOf(imageName(name));
  return MAY_COMBINE.test(path) ? path.normalize("NFC") : path;
}

/** A name without its folders, whichever way their slashes lean. */
export function fileNameOf(name: string): string {
  const path = imageName(name);
  return path.slice(path.lastIndexOf("/") + 1);
}

/**
 * Where the ending of a picture begins; where there is none, as in `1.2.840.113619` and `.png`, the end.
 *
 * @param end  Where the name ends.
 */
function endingAt(name: string, end = name.length): number {
  let dot = end - 1;
  while (dot > 0 && end - dot < LONGEST_ENDING && name[dot] !== ".") dot -= 1;
  const isFound = dot > 0 && name[dot - 1] !== "/" && PICTURE_ENDINGS.has(name.slice(dot, end).toLowerCase());
  return isFound ? dot : end;
}

/** A name without the ending of a picture. */
export const withoutEnding = (name: string): string => name.slice(0, endingAt(name));

/** The ending of a picture, in lower case and with its dot; empty where there is none. */
export const endingOf = (name: string): string => name.slice(endingAt(name)).toLowerCase();

/** The plain spelling with the ending in lower case: what names are compared by. */
export function comparedName(name: string): string {
  const plain = plainName(name);
  const at = endingAt(plain);
  const ending = plain.slice(at);
  const lower = ending.toLowerCase();
  return lower === ending ? plain : plain.slice(0, at) + lower;
}

/** What all names of one image have in common: the file name in its plain spelling, without any ending of a picture. */
export function fileKey(name: string): string {
  const plain = plainName(name);
  const from = plain.lastIndexOf("/") + 1;
  let end = plain.length;
  for (let at = endingAt(plain, end); at < end; at = endingAt(plain, end)) end = at;
  return plain.slice(from, end);
}

/** A name without the folders that it begins with, the shortest first: of `a/b/c`, `c` and `b/c`. */
export function endsOf(name: string): string[] {
  const ends: string[] = [];
  let at = name.lastIndexOf("/");
  while (at >= 0 && ends.length <= MOST_FOLDERS) {
    ends.push(name.slice(at + 1));
    at = at === 0 ? -1 : name.lastIndexOf("/", at - 1);
  }
  return ends;
}
