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
export interface Stamp {
  /** Of the file alone: what is made of its pixels is kept by it, whatever a label file calls the image. */
  readonly file: string;
  /** Of the file and its name: for what depends on the name, too. Caches of before kept everything by it. */
  readonly named: string;
}

/** The stamp of a file. Of one that is not there, a text that no file's stamp equals. */
export async function stampOf({ path, name }: ImageFile): Promise<Stamp> {
  const place = resolve(path);
  try {
    const { size, mtimeMs, ctimeMs } = await stat(place);
    // As JSON: no place can run into what follows, nor look like a name before it.
    const file = JSON.stringify([place, size, mtimeMs, ctimeMs]);
    return { file, named: `${name}|${place}|${size}|${mtimeMs}|${ctimeMs}` };
  } catch {
    return { file: place, named: place };
  }
}

/** The key by which something of a file's pixels is kept: that of caches of before, where only they have it. */
export const keyIn = (cache: { has(key: string): boolean }, { file, named }: Stamp, suffix = ""): string =>
  !cache.has(file + suffix) && cache.has(named + suffix) ? named + suffix : file + suffix;
