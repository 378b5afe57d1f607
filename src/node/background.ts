/**
 * Lets a worker thread give way to the main thread, which has little to do but should do it at once.
 *
 * Knows: the operating system's priorities of threads.
 */

import { setPriority } from "node:os";
import { isMainThread } from "node:worker_threads";

/** Enough for the main thread to be served first; a thread alone on its core is as fast as ever. */
const NICENESS = 10;

/**
 * Lower the priority of this worker thread and of the threads that it starts. Only Linux has priorities of single threads;
 * elsewhere, and where the system does not allow it, nothing changes.
 */
export function stepBack(): void {
  if (isMainThread || process.platform !== "linux") return;
  try {
    // Without a process it concerns the calling thread.
    setPriority(NICENESS);
  } catch {
    // It only makes answers under load come sooner.
  }
}
