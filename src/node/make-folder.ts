/**
 * Makes folders with those above them, one after the other: with `recursive`, Node's own `mkdir` says of a read-only disk that
 * there is no such folder, and never ends below one in which none can be made, such as /proc.
 *
 * Knows: the file system.
 */

import { existsSync, mkdirSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { XrayError } from "../errors.ts";
import { fileError, systemCode } from "./files.ts";

/**
 * Make a folder and those above it, if they are missing.
 *
 * @param mode  Of those that are made.
 * @throws      What the system throws.
 */
export function makeFoldersSync(folder: string, mode = 0o777): void {
  const path = resolve(folder);
  const above = dirname(path);
  try {
    mkdirSync(path, { mode });
  } catch (error) {
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) return;
    if (systemCode(error) !== "ENOENT" || existsSync(above)) throw error;
    makeFoldersSync(above, mode);
    makeFoldersSync(path, mode);
  }
}

/** The same. */
export const makeFolders = async (folder: string): Promise<void> => makeFoldersSync(folder);

/**
 * Make a folder if it is missing, readable by its owner only.
 *
 * @throws  XrayError `file/not-regular` if it is a file, `file/…`.
 */
export function makePrivateFolder(folder: string): void {
  try {
    makeFoldersSync(folder, 0o700);
  } catch (error) {
    const code = systemCode(error);
    if (code === "EEXIST" || code === "ENOTDIR")
      throw new XrayError(
        "file/not-regular",
        `${folder}: a file stands where a folder is expected; name another`,
        { file: folder },
      );
    throw fileError(folder, error);
  }
}
