/**
 * A file that one process holds for itself while it lives.
 *
 * Knows: process numbers. A claim whose process has ended is free again, however it ended. Where a system has given the
 * number to another process meanwhile, the claim looks held: nothing is lost by that but the place.
 */

import { readFileSync, rmSync, statSync, writeFileSync } from "node:fs";

/** So long after a claim was begun its number must be in it. */
const WRITTEN_AFTER_MS = 10_000;

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

/** What a claim's file says: somebody holds it, nobody does any more, or there is none. */
function stateOf(file: string): "held" | "left" | "none" {
  try {
    const holder = Number(readFileSync(file, "utf8"));
    if (Number.isInteger(holder) && holder > 0) return isAlive(holder) ? "held" : "left";
    // Made, and not yet written; or its process ended in between.
    return Date.now() - statSync(file).mtimeMs < WRITTEN_AFTER_MS ? "held" : "left";
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "none";
    throw error;
  }
}

/** Claim a file for this process. False where a living process, this one too, holds it. Throws what the system throws. */
export function claim(file: string): boolean {
  if (make(file)) return true;
  const state = stateOf(file);
  if (state !== "left") return state === "none" && make(file);
  // Of several that find it left, one may clear it away: or the second would remove the first one's claim.
  const clearing = `${file}.clearing`;
  if (!make(clearing) && !(stateOf(clearing) === "left" && clearAndMake(clearing))) return false;
  try {
    return stateOf(file) === "left" && clearAndMake(file);
  } finally {
    rmSync(clearing, { force: true });
  }
}

function clearAndMake(file: string): boolean {
  rmSync(file, { force: true });
  return make(file);
}

export function unclaim(file: string): void {
  rmSync(file, { force: true });
}
