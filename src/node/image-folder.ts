/**
 * The images of a folder and its subfolders: files with an ending that images have, and files without any that begin as
 * images do. Hidden files and folders, whose names begin with a dot, are left alone.
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

/** Signatures are not longer. */
const HEAD_BYTES = 16;

/** A number at the end of a name, as in a UID, is no ending. */
const NO_ENDING = /^(?:|\.\d+)$/;

/** An ending that may be shown: others can be a part of somebody's name. */
const PLAIN_ENDING = /^\.[a-z][a-z0-9]{0,7}$/;

/** What a folder holds. */
interface FolderImages {
  /** Paths that begin with the folder's, sorted within it. */
  readonly images: readonly string[];
  /** How many other files there are of each ending. */
  readonly others: ReadonlyMap<string, number>;
  /** Subfolders that cannot be read. */
  readonly failures: readonly XrayError[];
}

/** Goes through a folder. Links are followed; a folder that was gone through under another name is not entered again. */
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
    // A link that leads nowhere is taken for a file: reading it says what is wrong.
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
    // A file that cannot be read is none.
    const head = await readHead(path, HEAD_BYTES).catch(() => undefined);
    return head !== undefined && PICTURE_KINDS.has(identify(head));
  }
}

/**
 * Find the images of a folder.
 *
 * @param folder  As it was given; paths begin with it.
 */
export async function imagesOfFolder(folder: string): Promise<FolderImages> {
  const walk = new Walk();
  await walk.enter(folder);
  return { images: walk.images.sort(), others: walk.others, failures: walk.failures };
}
