/**
 * Files that are part of the package.
 *
 * Knows: where this code is located, in `src/`, `dist/` or the bundled command. Not what the files are.
 */

import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { XrayError } from "../errors.ts";

/**
 * The path of a file of the package.
 *
 * @param relative  Path from the package's root, such as `models/demo.safetensors`.
 * @throws          XrayError `file/not-found` if the installation is incomplete.
 */
export function packageFile(relative: string): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, "package.json"))) {
    const parent = dirname(folder);
    if (parent === folder) break;
    folder = parent;
  }
  const path = join(folder, relative);
  if (existsSync(path)) return path;
  throw new XrayError(
    "file/not-found",
    `${relative}: this file of the package is missing; install medical-x again`,
    { file: relative },
  );
}
