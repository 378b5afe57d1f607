/**
 * An image of a data folder, and a stamp that tells whether its file has changed.
 *
 * Knows: files. Not what is in them.
 */

import { stat } from "node:fs/promises";
import { resolve } from "node:path";

/** An image of the data folder: its file, and its name in the label file. */
export interface ImageFile {
  readonly path: string;
  readonly name: string;
}

/** The current state of a file. Its path, size and modification times stand for its content. */
export interface Stamp {
  /**
   * Stamp of the file alone. It identifies what was computed from the pixels, whatever the label file calls the image.
   */
  readonly file: string;
  /** Stamp of the file and its name, for what also depends on the name. Old caches use it for everything. */
  readonly named: string;
}

/** The stamp of a file. If the file does not exist, a text that equals no file's stamp. */
export async function stampOf({ path, name }: ImageFile): Promise<Stamp> {
  const place = resolve(path);
  try {
    const { size, mtimeMs, ctimeMs } = await stat(place);
    // As JSON, so that no path can merge with what follows, or look like a name in front of it.
    const file = JSON.stringify([place, size, mtimeMs, ctimeMs]);
    return { file, named: `${name}|${place}|${size}|${mtimeMs}|${ctimeMs}` };
  } catch {
    return { file: place, named: place };
  }
}

/** The key of something computed from a file's pixels: the old caches' key if only that one is present. */
export const keyIn = (cache: { has(key: string): boolean }, { file, named }: Stamp, suffix = ""): string =>
  !cache.has(file + suffix) && cache.has(named + suffix) ? named + suffix : file + suffix;
