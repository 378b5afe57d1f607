/**
 * Lists of images: `train_val_list.txt`, `test_list.txt`, or one's own.
 *
 * Knows:      one name a line, and which images names mean. Not files.
 * Reference:  NIH ChestX-ray14's official split.
 */

import { XrayError } from "../errors.ts";
import { namesImageColumn } from "./columns.ts";
import { imageName, type LabelledImage } from "./label-table.ts";
import { nihName } from "./nih-splits.ts";
import { counted } from "./words.ts";

/**
 * Read a list.
 *
 * @param text  One name a line; blank lines, CRLF, a byte order mark and a heading such as `Image Index` are passed over.
 * @returns     The names in order, each once.
 * @throws      XrayError `split/empty-list`.
 */
export function parseImageList(text: string): string[] {
  const lines = text
    .replace(/^\ufeff/, "")
    .split(/\r\n?|\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "");
  const names = lines[0] !== undefined && namesImageColumn(lines[0]) ? lines.slice(1) : lines;
  if (names.length === 0)
    throw new XrayError("split/empty-list", "the list names no image; write one name a line");
  return [...new Set(names)];
}

/** The images of a list. */
export interface Listed {
  /** Into `images`, rising. */
  readonly indices: number[];
  /** How many names of the list are none of the images. */
  readonly lacking: number;
}

/** Folders that are compared at most, from the image upwards: a name of nothing but slashes costs no more than another. */
const DEEPEST = 16;

/** A name without the folders that it begins with: of `a/b/c`, `c` and `b/c`. */
function* endsOf(name: string): Generator<string> {
  let at = name.lastIndexOf("/");
  for (let depth = 0; at >= 0 && depth < DEEPEST; depth++) {
    yield name.slice(at + 1);
    at = at === 0 ? -1 : name.lastIndexOf("/", at - 1);
  }
}

/** Places that may be meant by a name; a name that may mean several tells nobody apart, and means none. */
class Candidates {
  readonly #places = new Map<string, number>();

  add(name: string, at: number): void {
    const before = this.#places.get(name) ?? at;
    this.#places.set(name, before === at ? at : -1);
  }

  placeOf(name: string): number | undefined {
    return this.#places.get(name);
  }
}

/** The images of which a name is the end, or which are the end of it. */
function byEnds(places: ReadonlyMap<string, number>, names: ReadonlySet<string>): Candidates {
  const candidates = new Candidates();
  for (const [image, at] of places)
    for (const end of endsOf(image)) if (names.has(end)) candidates.add(end, at);
  for (const name of names) {
    for (const end of endsOf(name)) {
      const at = places.get(end);
      if (at !== undefined) candidates.add(name, at);
    }
  }
  return candidates;
}

/** NIH's images by NIH's names. */
function byNihNames(places: ReadonlyMap<string, number>): Candidates {
  const candidates = new Candidates();
  for (const [image, at] of places) {
    const name = nihName(image);
    if (name !== undefined) candidates.add(name, at);
  }
  return candidates;
}

/**
 * Which images are meant by names of another file: those of the same name as it stands; else those of which the one
 * name ends as the other does, `images/a.png` and `a.png`; else, of NIH's images, whatever their folder and format. A
 * name that may mean several means none.
 *
 * @returns  Of each name, the place of its image, or −1.
 */
export function matchNames(images: readonly LabelledImage[], names: Iterable<string>): number[] {
  const wanted = Array.from(names, imageName);
  const places = new Map(images.map(({ image }, at) => [image, at]));
  const found = wanted.map((name) => places.get(name) ?? -1);
  const lacking = new Set(wanted.filter((_, i) => found[i] === -1));
  if (lacking.size === 0) return found;
  const ends = byEnds(places, lacking);
  const nih = byNihNames(places);
  return wanted.map((name, i) =>
    found[i]! >= 0 ? found[i]! : (ends.placeOf(name) ?? nih.placeOf(nihName(name) ?? "") ?? -1),
  );
}

/** Look the names of a list up. */
export function findListed(images: readonly LabelledImage[], names: Iterable<string>): Listed {
  const places = matchNames(images, names);
  const found = new Set(places.filter((at) => at >= 0));
  return {
    indices: [...found].sort((a, b) => a - b),
    lacking: places.filter((at) => at < 0).length,
  };
}

/**
 * Look a list up.
 *
 * @param list  What it is called in messages.
 * @throws      XrayError `split/no-match` where none of its names is an image.
 */
export function mustFind(images: readonly LabelledImage[], names: ReadonlySet<string>, list: string): Listed {
  const listed = findListed(images, names);
  if (listed.indices.length > 0) return listed;
  const [first] = names;
  throw new XrayError(
    "split/no-match",
    `none of the ${counted(names.size, "name")} of the ${list} is an image here (the first is ${first}); write them as the label file does, such as ${images[0]?.image}`,
    { list, first },
  );
}

/** Images that are in two lists: how many, and the name of the first; undefined where there is none. */
export function inBothLists(
  images: readonly LabelledImage[],
  a: Listed,
  b: Listed,
): { readonly count: number; readonly first: string } | undefined {
  const inA = new Set(a.indices);
  const both = b.indices.filter((i) => inA.has(i));
  return both.length === 0 ? undefined : { count: both.length, first: images[both[0]!]!.image };
}
