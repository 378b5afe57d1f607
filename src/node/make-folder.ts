/**
 * Makes folders with those above them.
 *
 * Node says of a read-only disk that there is no such folder (`mkdir` with `recursive`); here the disk's own reason is given.
 *
 * Knows: the file system.
 */

import { existsSync, mkdirSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { XrayError } from "../errors.ts";
import { fileError, systemCode } from "./files.ts";

/**
 * Make a folder and those above it, if they are missing.
 *
 * @param mode  Of those that are made.
 * @throws      What the system throws.
 */
export function makeFoldersSync(folder: string, mode?: number): void {
  try {
    mkdirSync(folder, { recursive: true, mode });
  } catch (error) {
    throw systemCode(error) === "ENOENT" ? reasonFor(folder, error) : error;
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

/** Why a folder cannot be made, which the first one that is missing shows. */
function reasonFor(folder: string, error: unknown): unknown {
  let missing = resolve(folder);
  while (missing !== dirname(missing) && !existsSync(dirname(missing))) missing = dirname(missing);
  try {
    mkdirSync(missing, { mode: 0o700 });
    return error;
  } catch (reason) {
    return reason;
  }
}
