/**
 * Lists of images: `train_val_list.txt`, `test_list.txt`, or one's own.
 *
 * Knows:      one name a line. Not files.
 * Reference:  NIH ChestX-ray14's official split.
 */

import { XrayError } from "../errors.ts";
import { namesImageColumn } from "./columns.ts";
import type { LabelledImage } from "./label-table.ts";

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

/** Look the names of a list up. */
export function findListed(images: readonly LabelledImage[], names: Iterable<string>): Listed {
  const wanted = new Set(names);
  const indices: number[] = [];
  for (const [i, { image }] of images.entries()) if (wanted.has(image)) indices.push(i);
  return { indices, lacking: wanted.size - indices.length };
}
