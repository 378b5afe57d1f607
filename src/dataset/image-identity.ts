/**
 * Which image a name means: one rule for lists, label files, truth, boxes, predictions, cards and files on disk.
 *
 * Two names may mean the same image if their plain spellings are equal, or if one is the end of the other (`a.png` and
 * `images/a.png`), whether their file extensions are equal, different or missing. Names of NIH's images mean the same
 * image in every folder. Contradicting folders mean different images: `1/a.png` is not `2/a.png`. If a name may mean
 * several images, it means the nearest; if two are equally near, it is ambiguous.
 *
 * Knows:      two names at a time. `image-lookup.ts` looks up many at once, with the same results.
 * Reference:  "Which image a name means" in docs/data.md.
 */

import { comparedName, fileKey, MOST_FOLDERS, withoutEnding } from "./image-name.ts";
import { nihName } from "./nih-names.ts";

/** How near an image's name is to a requested name. A lower kind is nearer; within a kind, more common folders are. */
interface Nearness {
  readonly kind: number;
  readonly folders: number;
}

/** The kinds, nearest first. */
const EQUAL = 0;
const SAME_SPELLING = 1;
/** Added to the kinds of `compareFolders` where file extensions are ignored. */
const ANY_ENDING = 3;
const NIH_NAME = 7;

/** Number of folders in a path. */
function countFolders(path: string): number {
  let folders = 0;
  for (let at = path.indexOf("/"); at >= 0; at = path.indexOf("/", at + 1)) folders += 1;
  return folders;
}

/** Whether a name is the end of another, from a folder's boundary on. */
const isEnd = (end: string, name: string): boolean =>
  name[name.length - end.length - 1] === "/" && name.endsWith(end) && countFolders(end) <= MOST_FOLDERS;

/** Compare names of one form: they are equal, or one is the end of the other. Undefined if neither is the case. */
function compareFolders(asked: string, image: string): Nearness | undefined {
  if (asked === image) return { kind: SAME_SPELLING, folders: 0 };
  if (isEnd(image, asked)) return { kind: SAME_SPELLING + 1, folders: countFolders(image) };
  if (isEnd(asked, image)) return { kind: SAME_SPELLING + 2, folders: 0 };
  return undefined;
}

const isNearer = (a: Nearness, b: Nearness | undefined): boolean =>
  b === undefined || a.kind < b.kind || (a.kind === b.kind && a.folders > b.folders);

/** Compare names regardless of file extensions: that of either or both may be left out. */
function compareForms(asked: readonly string[], image: readonly string[]): Nearness | undefined {
  let nearest: Nearness | undefined;
  for (const one of asked)
    for (const other of image) {
      const found = compareFolders(one, other);
      if (found !== undefined && isNearer(found, nearest)) nearest = found;
    }
  return nearest && { kind: nearest.kind + ANY_ENDING, folders: nearest.folders };
}

/** A name, and the forms in which it is compared. */
interface Spelled {
  readonly name: string;
  readonly compared: string;
  /** Without its extension. */
  readonly stem: string;
}

function spell(name: string): Spelled {
  const compared = comparedName(name);
  return { name, compared, stem: withoutEnding(compared) };
}

const formsOf = ({ compared, stem }: Spelled): readonly string[] => [compared, stem];

function nearness(asked: Spelled, image: Spelled): Nearness | undefined {
  if (asked.name === image.name) return { kind: EQUAL, folders: 0 };
  const found =
    compareFolders(asked.compared, image.compared) ?? compareForms(formsOf(asked), formsOf(image));
  if (found !== undefined) return found;
  const nih = nihName(asked.name);
  return nih !== undefined && nih === nihName(image.name) ? { kind: NIH_NAME, folders: 0 } : undefined;
}

/** Whether two names may mean the same image. */
export const isSameImage = (a: string, b: string): boolean => nearness(spell(a), spell(b)) !== undefined;

/**
 * The images that a name may mean: the nearest, and any others that are equally near.
 *
 * @param images  The names of all images, each once.
 * @returns       Indices into `images`: none, one, or several if the name is ambiguous.
 */
export function imagesMeant(images: readonly string[], name: string): number[] {
  const asked = spell(name);
  let nearest: Nearness | undefined;
  let places: number[] = [];
  for (const [at, image] of images.entries()) {
    const found = nearness(asked, spell(image));
    if (found === undefined) continue;
    if (isNearer(found, nearest)) {
      nearest = found;
      places = [at];
    } else if (found.kind === nearest!.kind && found.folders === nearest!.folders) places.push(at);
  }
  return places;
}

/**
 * Indices of the images whose file name differs only in its extension, in any folder: hints for a name without image.
 */
export function imagesCalled(images: readonly string[], name: string): number[] {
  const key = fileKey(name);
  return images.flatMap((image, at) => (fileKey(image) === key ? [at] : []));
}
