/**
 * The places where the images of a data folder may lie.
 *
 * Knows: the file system, and the image folders of NIH, Kaggle and PadChest.
 */

import type { Dirent } from "node:fs";
import { readdir } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileError } from "./files.ts";

/** The content of a folder. */
export interface Listing {
  /** Its absolute path. */
  readonly path: string;
  /** Names of everything that is not a folder, as the file system spells them. */
  readonly files: ReadonlySet<string>;
  /** Names of folders by their composed (NFC) spelling. */
  readonly folders: ReadonlyMap<string, string>;
}

/** Error codes that mean that a folder does not exist. */
const NOT_THERE = new Set(["ENOENT", "ENOTDIR", "ENAMETOOLONG", "ELOOP", "ERR_INVALID_ARG_VALUE"]);

async function entriesOf(folder: string): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    if (NOT_THERE.has((error as NodeJS.ErrnoException).code ?? "")) return [];
    throw fileError(folder, error);
  }
}

/** Listings of folders, each made only once. */
export class Listings {
  readonly #listed = new Map<string, Promise<Listing>>();

  /**
   * List a folder. One that does not exist counts as empty.
   *
   * @throws  XrayError `file/not-accessible` if it exists but cannot be listed.
   */
  of(folder: string): Promise<Listing> {
    const path = resolve(folder);
    const before = this.#listed.get(path);
    if (before !== undefined) return before;
    const listing = this.#list(path);
    this.#listed.set(path, listing);
    return listing;
  }

  async #list(path: string): Promise<Listing> {
    const files = new Set<string>();
    const folders = new Map<string, string>();
    for (const entry of await entriesOf(path)) {
      const { name } = entry;
      if (!entry.isDirectory()) files.add(name);
      // A link may lead to a file or to a folder.
      if (!entry.isFile()) folders.set(name.normalize("NFC"), name);
    }
    return { path, files, folders };
  }

  /** The folder at `parts` below another one, in any Unicode spelling; undefined if there is none. */
  async below(folder: string, parts: readonly string[]): Promise<Listing | undefined> {
    let listing = await this.of(folder);
    for (const part of parts) {
      const name = listing.folders.get(part);
      if (name === undefined) return undefined;
      listing = await this.of(join(listing.path, name));
    }
    return listing;
  }
}

/**
 * The places where images may lie, in the order in which to search them.
 *
 * @returns  Groups of folders. An image in an earlier group takes precedence over one in a later group; folders of the
 *           same group have equal rank.
 */
export async function imagePlaces(
  folder: string,
  labelFile: string,
  listings: Listings,
): Promise<readonly (readonly string[])[]> {
  const names = [...(await listings.of(folder)).folders.values()].sort();
  // NIH's archives are called images_001 to images_012, PadChest's 0 to 54.
  const numbered = names
    .filter((name) => /^(?:images[_-]\d+|\d{1,2})$/i.test(name))
    .map((name) => join(folder, name));
  const groups = [
    [folder],
    [join(folder, "images")],
    numbered.flatMap((part) => [join(part, "images"), part]),
    [dirname(labelFile)],
    // A table may name files from above the data folder, such as `CheXpert-v1.0/train/…` in CheXpert-v1.0/.
    [dirname(resolve(folder))],
  ];
  const seen = new Set<string>();
  return groups.map((places) =>
    places.filter((place) => {
      const isNew = !seen.has(resolve(place));
      seen.add(resolve(place));
      return isNew;
    }),
  );
}
