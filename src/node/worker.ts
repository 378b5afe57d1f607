/**
 * Worker threads that run a file of this package.
 *
 * Knows: threads. Not what they do.
 */

import { Worker } from "node:worker_threads";

/**
 * Start a thread.
 *
 * It gets none of Node's own flags: our files need none, and with `--input-type=module`, as of a script on the command line,
 * no thread would start from a file.
 *
 * @param file  The thread's script.
 * @param data  Handed to the thread as `workerData`.
 */
export function startThread(file: URL, data?: unknown): Worker {
  return new Worker(file, { execArgv: [], workerData: data });
}
