/**
 * Lets V8's heap grow further before garbage is collected, for work through which much memory outside the heap passes.
 *
 * V8 counts such memory, as that of received images, against a limit that follows from the heap itself. Where the heap is small, a
 * watcher had it collected after every third image, which took a twentieth of all processor time.
 *
 * Knows: V8's flags.
 */

import { setFlagsFromString } from "node:v8";
import { isMainThread } from "node:worker_threads";

/** The heap grows to four times its size before it is collected: here to about 100 MB. */
const GROWING_PERCENT = 300;

/** Collect the garbage of this process less often. Threads that start later do the same. */
export function collectLessOften(): void {
  if (isMainThread) setFlagsFromString(`--heap-growing-percent=${GROWING_PERCENT}`);
}
