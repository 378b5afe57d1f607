/**
 * The images of a folder and its subfolders: files with an image's extension, and files without an extension that start
 * like an image. Hidden files and folders, whose names begin with a dot, are ignored.
 *
 * Knows: the file system, and how images begin. Not what else is in the files.
 */

import type { Dirent } from "node:fs";
import { readdir, realpath, stat } from "node:fs/promises";
import { extname } from "node:path";
import { PICTURE_KINDS } from "../engine/decode/chosen-picture.ts";
import { asXrayError, type XrayError } from "../errors.ts";
import { identify } from "../formats/identify.ts";
import { IMAGE_ENDINGS } from "../formats/image-names.ts";
import { fileError, readHead } from "./files.ts";

/** No signature is longer. */
const HEAD_BYTES = 16;

/** A number at the end of a name, as in a UID, is not an extension. */
const NO_ENDING = /^(?:|\.\d+)$/;

/** An extension that may be shown. Others could be part of a person's name. */
const PLAIN_ENDING = /^\.[a-z][a-z0-9]{0,7}$/;

/** The content of a folder. */
interface FolderImages {
  /** Paths that begin with the folder, sorted within it. */
  readonly images: readonly string[];
  /** Number of other files by extension. */
  readonly others: ReadonlyMap<string, number>;
  /** Subfolders that cannot be read. */
  readonly failures: readonly XrayError[];
}

/** Walks through a folder. Links are followed, but a folder already visited under another name is not entered again. */
class Walk {
  readonly images: string[] = [];
  readonly others = new Map<string, number>();
  readonly failures: XrayError[] = [];
  readonly #entered = new Set<string>();

  async enter(folder: string): Promise<void> {
    let entries: Dirent[];
    try {
      const place = await realpath(folder);
      if (this.#entered.has(place)) return;
      this.#entered.add(place);
      entries = await readdir(folder, { withFileTypes: true });
    } catch (error) {
      this.failures.push(asXrayError(fileError(folder, error)));
      return;
    }
    for (const entry of entries) {
      if (entry.name.startsWith(".")) continue;
      await this.#see(`${folder.replace(/\/+$/, "")}/${entry.name}`, entry);
    }
  }

  async #see(path: string, entry: Dirent): Promise<void> {
    // A dangling link is taken for a file, so that reading it reports what is wrong.
    const target = entry.isSymbolicLink() ? await stat(path).catch(() => undefined) : entry;
    if (target?.isDirectory()) await this.enter(path);
    else if (target === undefined || target.isFile()) await this.#seeFile(path);
  }

  async #seeFile(path: string): Promise<void> {
    const ending = extname(path).toLowerCase();
    if (IMAGE_ENDINGS.has(ending) || (NO_ENDING.test(ending) && (await this.#beginsAsImage(path)))) {
      this.images.push(path);
      return;
    }
    const unusual = NO_ENDING.test(ending) ? "no ending" : "another ending";
    const shown = PLAIN_ENDING.test(ending) ? ending : unusual;
    this.others.set(shown, (this.others.get(shown) ?? 0) + 1);
  }

  async #beginsAsImage(path: string): Promise<boolean> {
    // A file that cannot be read does not count as an image.
    const head = await readHead(path, HEAD_BYTES).catch(() => undefined);
    return head !== undefined && PICTURE_KINDS.has(identify(head));
  }
}

/**
 * Find the images of a folder.
 *
 * @param folder  The path as given by the user; resulting paths begin with it.
 */
export async function imagesOfFolder(folder: string): Promise<FolderImages> {
  const walk = new Walk();
  await walk.enter(folder);
  return { images: walk.images.sort(), others: walk.others, failures: walk.failures };
}
