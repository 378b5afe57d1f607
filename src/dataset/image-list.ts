/**
 * Lists of images: `train_val_list.txt`, `test_list.txt`, or one's own.
 *
 * Knows:      one name a line. Not files.
 * Reference:  NIH ChestX-ray14's official split.
 */

import { XrayError } from "../errors.ts";
import { namesImageColumn } from "./columns.ts";
import type { LabelledImage } from "./label-table.ts";
import { nihName } from "./nih-splits.ts";

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

/** Places by a spelling of the name; −1 where several images share it, which so tells nobody apart. */
function placesBy(
  images: readonly LabelledImage[],
  spelling: (image: string) => string | undefined,
): Map<string, number> {
  const places = new Map<string, number>();
  for (const [i, { image }] of images.entries()) {
    const name = spelling(image);
    if (name !== undefined) places.set(name, places.has(name) ? -1 : i);
  }
  return places;
}

const baseName = (image: string): string => image.slice(image.search(/[^\\/]*$/));

/**
 * Which images are meant by names of another file: those of the same name as it stands, else without folders, else, of
 * NIH's images, whatever their format.
 *
 * @returns  Of each name, the place of its image, or −1.
 */
export function matchNames(images: readonly LabelledImage[], names: Iterable<string>): number[] {
  const spellings = [(image: string) => image, baseName, nihName];
  const tables = spellings.map((spelling) => ({ spelling, places: placesBy(images, spelling) }));
  return Array.from(names, (name) => {
    for (const { spelling, places } of tables) {
      const at = places.get(spelling(name) ?? "") ?? -1;
      if (at >= 0) return at;
    }
    return -1;
  });
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
