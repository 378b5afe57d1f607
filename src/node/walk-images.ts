/**
 * The images of a folder, one folder at a time, in an order that does not depend on the machine.
 *
 * Paths come in the order of their code units, because within a folder a subfolder is sorted as if its name ended in a
 * slash. Memory grows with the largest folder, not with all of them.
 *
 * Knows: the file system. Not what is in the files, but which of them count as images.
 */

import type { Dirent } from "node:fs";
import { readdir, realpath, stat } from "node:fs/promises";
import { fewAtOnce } from "./at-once.ts";
import { fileError } from "./files.ts";
import { isImageFile } from "./image-folder.ts";

/** Number of files to look into at the same time. */
const AT_ONCE = 32;

/** An entry of a folder. */
interface Entry {
  readonly name: string;
  readonly isFolder: boolean;
}

/** A folder with its images and subfolders, whose names are sorted together. */
export interface WalkedFolder {
  /** Relative to the root, empty for the root itself. */
  readonly path: string;
  /** When its content last changed, in whole milliseconds since 1970, looked up before it was listed. */
  readonly time: number;
  /** Names of images, and names of subfolders with a slash at the end. */
  readonly names: readonly string[];
}

const byCodeUnits = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const sortName = ({ name, isFolder }: Entry): string => (isFolder ? `${name}/` : name);

/** An entry that counts; undefined for anything else. A link counts as what it leads to, a dangling one as a file. */
async function entryOf(folder: string, entry: Dirent): Promise<Entry | undefined> {
  const { name } = entry;
  if (name.startsWith(".")) return undefined;
  const path = `${folder}/${name}`;
  const target = entry.isSymbolicLink() ? await stat(path).catch(() => undefined) : entry;
  if (target?.isDirectory()) return { name, isFolder: true };
  if (target !== undefined && !target.isFile()) return undefined;
  return (await isImageFile(path)) ? { name, isFolder: false } : undefined;
}

/**
 * What a folder holds: names of images, and of subfolders with a slash at the end, sorted by code units.
 *
 * @throws  XrayError `file/…`.
 */
export async function namesIn(folder: string): Promise<string[]> {
  try {
    const found = await readdir(folder, { withFileTypes: true });
    const entries = await fewAtOnce(found, AT_ONCE, (entry) => entryOf(folder, entry));
    return entries
      .filter((entry) => entry !== undefined)
      .map(sortName)
      .sort(byCodeUnits);
  } catch (error) {
    throw fileError(folder, error);
  }
}

/**
 * Walk through a folder. Links are followed, but a folder that has been visited under another name is not entered again.
 *
 * @param root      The folder as given by the user.
 * @param onFolder  Called for each folder, before its images.
 * @returns         Paths relative to the root, in the order of their code units.
 * @throws          XrayError `file/…` for a folder that cannot be read: a list without its images would be wrong.
 */
export async function* walkImages(
  root: string,
  onFolder: (folder: WalkedFolder) => void = () => undefined,
): AsyncGenerator<string, void> {
  const entered = new Set<string>();
  async function* walk(path: string): AsyncGenerator<string, void> {
    const folder = path === "" ? root : `${root}/${path.slice(0, -1)}`;
    const [place, found] = await Promise.all([realpath(folder), stat(folder)]).catch((error) => {
      throw fileError(folder, error);
    });
    if (entered.has(place)) return;
    entered.add(place);
    const names = await namesIn(folder);
    onFolder({ path, time: Math.floor(found.mtimeMs), names });
    for (const name of names) {
      if (name.endsWith("/")) yield* walk(`${path}${name}`);
      else yield `${path}${name}`;
    }
  }
  yield* walk("");
}
