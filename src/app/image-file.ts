/**
 * An image of a data folder, and what tells whether it is still the same.
 *
 * Knows: files. Not what is in them.
 */

import { stat } from "node:fs/promises";
import { resolve } from "node:path";

/** An image of the data folder: its file, and the name that it has in the label file. */
export interface ImageFile {
  readonly path: string;
  readonly name: string;
}

/** A file as it is now: place, size and the times of its last changes stand for its content. */
export async function stampOf({ path, name }: ImageFile): Promise<string> {
  const place = resolve(path);
  try {
    const { size, mtimeMs, ctimeMs } = await stat(place);
    return `${name}|${place}|${size}|${mtimeMs}|${ctimeMs}`;
  } catch {
    return place;
  }
}
