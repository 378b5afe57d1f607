/**
 * Lists of images: `train_val_list.txt`, `test_list.txt`, or one's own.
 *
 * Knows:      one name a line, and which images names mean. Not files.
 * Reference:  NIH ChestX-ray14's official split.
 */

import { XrayError } from "../errors.ts";
import { counted } from "../text.ts";
import { namesImageColumn } from "./columns.ts";
import { imageName, type LabelledImage } from "./label-table.ts";
import { nihName } from "./nih-splits.ts";

/**
 * Read a list.
 *
 * @param text  One name a line, in quotation marks or not; blank lines, CRLF, a byte order mark and a heading such as `Image Index` are passed over.
 * @returns     The names in order, each once.
 * @throws      XrayError `split/empty-list`.
 */
export function parseImageList(text: string): string[] {
  const lines = text
    .replace(/^\ufeff/, "")
    .split(/\r\n?|\n/)
    .map((line) => line.trim().replace(/^(["'])(.*)\1$/, "$2"))
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

/** What `matchNames` gives of a name that means no image, and of one that may mean several. */
export const NO_IMAGE = -1;
export const SEVERAL_IMAGES = -2;

/** A name without `.`, `..` and doubled slashes: ends are compared of what is left. */
function plainPath(name: string): string {
  const path = imageName(name);
  if (!/(^|\/)(\.{0,2})(\/|$)/.test(path)) return path;
  const kept: string[] = [];
  for (const part of path.split("/")) {
    if (part === "..") kept.pop();
    else if (part !== "." && part !== "") kept.push(part);
  }
  return kept.join("/");
}

/** A name without the folders that it begins with: of `a/b/c`, `c` and `b/c`. */
function* endsOf(name: string): Generator<string> {
  let at = name.lastIndexOf("/");
  for (let depth = 0; at >= 0 && depth < DEEPEST; depth++) {
    yield name.slice(at + 1);
    at = at === 0 ? -1 : name.lastIndexOf("/", at - 1);
  }
}

/** Images by a spelling of their names that they may share. */
class Spellings {
  readonly #places = new Map<string, number>();

  add(spelling: string, at: number): void {
    this.#places.set(spelling, this.#places.has(spelling) ? SEVERAL_IMAGES : at);
  }

  placeOf(spelling: string | undefined): number | undefined {
    return spelling === undefined ? undefined : this.#places.get(spelling);
  }
}

/** Looks names up among images. */
class Lookup {
  /** As they stand. */
  readonly #exact: ReadonlyMap<string, number>;
  /** Without what is no folder of a path. */
  readonly #plain = new Spellings();
  /** By those of their ends that are looked for. */
  readonly #ends = new Spellings();
  readonly #nih = new Spellings();

  constructor(exact: ReadonlyMap<string, number>, names: Iterable<string>) {
    this.#exact = exact;
    const wanted = new Set(Array.from(names, plainPath));
    for (const [image, at] of exact) {
      const plain = plainPath(image);
      this.#plain.add(plain, at);
      for (const end of endsOf(plain)) if (wanted.has(end)) this.#ends.add(end, at);
      const nih = nihName(image);
      if (nih !== undefined) this.#nih.add(nih, at);
    }
  }

  /** The image whose whole name is the longest end of this one. */
  #within(name: string): number | undefined {
    let found: number | undefined;
    for (const end of endsOf(name)) found = this.#plain.placeOf(end) ?? found;
    return found;
  }

  placeOf(name: string): number {
    const plain = plainPath(name);
    return (
      this.#exact.get(name) ??
      this.#plain.placeOf(plain) ??
      this.#within(plain) ??
      this.#ends.placeOf(plain) ??
      this.#nih.placeOf(nihName(name)) ??
      NO_IMAGE
    );
  }
}

/**
 * Which images are meant by names of another file: those of the same name as it stands; else those of which the one name
 * ends as the other does, `images/a.png` and `a.png`; else, of NIH's images, whatever their folder and format.
 *
 * @returns  Of each name, the place of its image, `NO_IMAGE`, or `SEVERAL_IMAGES`.
 */
export function matchNames(images: readonly LabelledImage[], names: Iterable<string>): number[] {
  const wanted = Array.from(names, imageName);
  const exact = new Map(images.map(({ image }, at) => [image, at]));
  const others = wanted.filter((name) => !exact.has(name));
  if (others.length === 0) return wanted.map((name) => exact.get(name)!);
  const lookup = new Lookup(exact, others);
  return wanted.map((name) => lookup.placeOf(name));
}

/**
 * Look the names of a list up.
 *
 * @throws  XrayError `split/unclear-name` where a name may mean several images.
 */
export function findListed(images: readonly LabelledImage[], names: Iterable<string>): Listed {
  const listed = [...names];
  const places = matchNames(images, listed);
  const unclear = places.indexOf(SEVERAL_IMAGES);
  if (unclear >= 0) {
    throw new XrayError(
      "split/unclear-name",
      `${counted(places.filter((at) => at === SEVERAL_IMAGES).length, "name")} that may mean several images, the first ${listed[unclear]}; write them with their folders, as the label file does`,
      { first: listed[unclear] },
    );
  }
  const found = new Set(places.filter((at) => at >= 0));
  return {
    indices: [...found].sort((a, b) => a - b),
    lacking: places.filter((at) => at === NO_IMAGE).length,
  };
}

/**
 * Look a list up.
 *
 * @param list  What it is called in messages.
 * @throws      XrayError `split/no-match` where none of its names is an image, `split/unclear-name`.
 */
export function mustFind(images: readonly LabelledImage[], names: ReadonlySet<string>, list: string): Listed {
  const listed = findListed(images, names);
  if (listed.indices.length > 0) return listed;
  const [first] = names;
  throw new XrayError(
    "split/no-match",
    `the ${list} names no image that is here (${counted(names.size, "name")}, the first ${first}); write them as the label file does, such as ${images[0]?.image}`,
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
