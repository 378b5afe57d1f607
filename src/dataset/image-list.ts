/**
 * Lists of images: `train_val_list.txt`, `test_list.txt`, or the user's own.
 *
 * Knows:      one name per line. `image-lookup.ts` decides which image each means. Not files.
 * Reference:  NIH ChestX-ray14's official split.
 */

import { XrayError } from "../errors.ts";
import { counted, eitherOf } from "../text.ts";
import { namesImageColumn } from "./columns.ts";
import { imagesMeant } from "./image-identity.ts";
import { matchNames, NO_IMAGE, SEVERAL_IMAGES } from "./image-lookup.ts";
import type { LabelledImage } from "./label-table.ts";

/**
 * Read a list.
 *
 * @param text  One name per line, with or without quotation marks and with any line ends. Blank lines, a byte order
 *              mark and a heading such as `Image Index` are ignored.
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
    throw new XrayError("split/empty-list", "the list names no image; write one name on each line");
  return [...new Set(names)];
}

/** The images that a list names. */
export interface Listed {
  /** Indices into `images`, ascending. */
  readonly indices: number[];
  /** How many names in the list mean none of the images. */
  readonly lacking: number;
}

/** How many of the images that a name may mean are listed in an error's details. */
const MOST_TOLD = 100;

const namesOf = (images: readonly LabelledImage[]): string[] => images.map(({ image }) => image);

function unclearNames(images: readonly LabelledImage[], first: string, places: readonly number[]): XrayError {
  const names = namesOf(images);
  const meant = imagesMeant(names, first)
    .slice(0, MOST_TOLD)
    .map((at) => names[at]!);
  const unclear = places.filter((at) => at === SEVERAL_IMAGES).length;
  return new XrayError(
    "split/unclear-name",
    `${counted(unclear, "name")} in the list may mean several images, the first ${first} (${eitherOf(meant)}); write such names with their folders and endings, as the label file does`,
    { first, images: meant },
  );
}

/**
 * Look up the names of a list.
 *
 * @throws  XrayError `split/unclear-name` if a name may mean several images.
 */
export function findListed(images: readonly LabelledImage[], names: Iterable<string>): Listed {
  const listed = [...names];
  const places = matchNames(namesOf(images), listed);
  const unclear = places.indexOf(SEVERAL_IMAGES);
  if (unclear >= 0) throw unclearNames(images, listed[unclear]!, places);
  const found = new Set(places.filter((at) => at >= 0));
  return {
    indices: [...found].sort((a, b) => a - b),
    lacking: places.filter((at) => at === NO_IMAGE).length,
  };
}

/**
 * Look up the names of a list, at least one of which must be an image.
 *
 * @param list  What the list is called in messages.
 * @throws      XrayError `split/no-match` if none of its names is an image; `split/unclear-name`.
 */
export function mustFind(images: readonly LabelledImage[], names: ReadonlySet<string>, list: string): Listed {
  const listed = findListed(images, names);
  if (listed.indices.length > 0) return listed;
  const [first] = names;
  throw new XrayError(
    "split/no-match",
    `the ${list} names none of the images (${counted(names.size, "name")}, the first ${first}); write them as the label file does, such as ${images[0]?.image}`,
    { list, first },
  );
}

/** How many images are in both of two lists, and the name of the first; undefined if there are none. */
export function inBothLists(
  images: readonly LabelledImage[],
  a: Listed,
  b: Listed,
): { readonly count: number; readonly first: string } | undefined {
  const inA = new Set(a.indices);
  const both = b.indices.filter((i) => inA.has(i));
  return both.length === 0 ? undefined : { count: both.length, first: images[both[0]!]!.image };
}
