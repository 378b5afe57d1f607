/**
 * Makes a folder with those above it.
 *
 * Knows: the file system.
 */

import { existsSync, mkdirSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { XrayError } from "../errors.ts";
import { fileError, systemCode } from "./files.ts";

/**
 * Make a folder if it is missing, readable by its owner only.
 *
 * @throws  XrayError `file/not-regular` if it is a file, `file/…`.
 */
export function makePrivateFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    const code = systemCode(error);
    if (code === "EEXIST" || code === "ENOTDIR")
      throw new XrayError(
        "file/not-regular",
        `${folder}: a file stands where a folder is expected; name another`,
        {
          file: folder,
        },
      );
    throw fileError(folder, code === "ENOENT" ? reasonFor(folder, error) : error);
  }
}

/** Node says that a folder is missing when the disk is read-only: ask again for the first one that is missing. */
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
