/**
 * Whether a file is still the one that it was.
 *
 * Knows: the file system.
 */

import { statSync } from "node:fs";

/** The size and the time of a file; empty if there is none. */
export function stampOf(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false });
  return found === undefined ? "" : `${found.size.toString(16)}-${Math.trunc(found.mtimeMs).toString(16)}`;
}
