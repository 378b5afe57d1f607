/**
 * A file that one process holds for itself while it lives.
 *
 * Knows: process numbers. A claim whose process has ended is free again, however it ended. Where a system has given the
 * number to another process meanwhile, the claim looks held: nothing is lost by that but the place.
 */

import { readFileSync, rmSync, writeFileSync } from "node:fs";

/** Whether a process of this number runs. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It runs, and belongs to someone else.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Try to make the file; false where there is one. */
function make(file: string): boolean {
  try {
    writeFileSync(file, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

function holderOf(file: string): number {
  try {
    return Number(readFileSync(file, "utf8"));
  } catch {
    return Number.NaN;
  }
}

/** Claim a file for this process. False where a living process, this one too, holds it. Throws what the system throws. */
export function claim(file: string): boolean {
  if (make(file)) return true;
  const holder = holderOf(file);
  if (Number.isInteger(holder) && holder > 0 && isAlive(holder)) return false;
  rmSync(file, { force: true });
  return make(file);
}

export function unclaim(file: string): void {
  rmSync(file, { force: true });
}
