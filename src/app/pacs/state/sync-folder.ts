/**
 * Brings the names in a folder to the disk: a file that is itself on the disk could otherwise lose its name with the power.
 *
 * Knows: the file system.
 */

import { closeSync, fsyncSync, openSync } from "node:fs";

/** Throws what the system throws. On Windows, which keeps names by itself and opens no folders, it does nothing. */
export function syncFolder(folder: string): void {
  if (process.platform === "win32") return;
  const opened = openSync(folder, "r");
  try {
    fsyncSync(opened);
  } finally {
    closeSync(opened);
  }
}
