/**
 * Which image a name means: the one rule for lists, label files, truth, boxes, predictions, cards and files on disk.
 *
 * Two names may mean one image where their plain spellings are equal, or where one of them ends as the whole other one does
 * (`images/a.png` and `a.png`), with the same ending of a picture, another one or none; and names of NIH's images in any
 * folder. Folders that contradict each other make two images: `1/a.png` is not `2/a.png`. Of several images that a name may
 * mean, the nearest is meant; where two are equally near, nobody can tell.
 *
 * Knows:      two names at a time. Many are looked up at once in `image-lookup.ts`, with the same answers.
 * Reference:  "Which image a name means" in docs/data.md.
 */

import { comparedName, fileKey, MOST_FOLDERS, withoutEnding } from "./image-name.ts";
import { nihName } from "./nih-names.ts";

/** How near an image's name is to a name that was asked for: less is nearer. Of one kind, more folders in common are nearer. */
interface Nearness {
  readonly kind: number;
  readonly folders: number;
}

/** The kinds, the nearest first. */
const EQUAL = 0;
const SAME_SPELLING = 1;
/** From here on, endings are left aside: so much is added to the kinds of `compareFolders`. */
const ANY_ENDING = 3;
const NIH_NAME = 7;

/** Folders of a path. */
function countFolders(path: string): number {
  let folders = 0;
  for (let at = path.indexOf("/"); at >= 0; at = path.indexOf("/", at + 1)) folders += 1;
  return folders;
}

/** Whether a name is the end of another: whole folders of it. */
const isEnd = (end: string, name: string): boolean =>
  name[name.length - end.length - 1] === "/" && name.endsWith(end) && countFolders(end) <= MOST_FOLDERS;

/** Of names in one form: equal, the image's the end of the asked one, or the asked one the end of the image's. */
function compareFolders(asked: string, image: string): Nearness | undefined {
  if (asked === image) return { kind: SAME_SPELLING, folders: 0 };
  if (isEnd(image, asked)) return { kind: SAME_SPELLING + 1, folders: countFolders(image) };
  if (isEnd(asked, image)) return { kind: SAME_SPELLING + 2, folders: 0 };
  return undefined;
}

const isNearer = (a: Nearness, b: Nearness | undefined): boolean =>
  b === undefined || a.kind < b.kind || (a.kind === b.kind && a.folders > b.folders);

/** Endings aside, with that of either name left out. */
function compareForms(asked: readonly string[], image: readonly string[]): Nearness | undefined {
  let nearest: Nearness | undefined;
  for (const one of asked)
    for (const other of image) {
      const found = compareFolders(one, other);
      if (found !== undefined && isNearer(found, nearest)) nearest = found;
    }
  return nearest && { kind: nearest.kind + ANY_ENDING, folders: nearest.folders };
}

/** A name, and how it is compared. */
interface Spelled {
  readonly name: string;
  readonly compared: string;
  /** Without its ending. */
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
 * The images that a name may mean: the nearest, and others that are as near.
 *
 * @param images  All names that there are, each once.
 * @returns       Their places: none, one, or several of which nobody can tell which is meant.
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

/** The images of the same file name, endings aside, in whatever folder: what may help where a name means none. */
export function imagesCalled(images: readonly string[], name: string): number[] {
  const key = fileKey(name);
  return images.flatMap((image, at) => (fileKey(image) === key ? [at] : []));
}
