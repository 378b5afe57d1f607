/**
 * The inner side of a pool's thread: takes jobs as they come and answers each with a value or a failure.
 *
 * Knows: messages. Not what the jobs are. The other side is `thread-pool.ts`, which imports only types from here.
 */

import { parentPort } from "node:worker_threads";
import { type SentError, sentError } from "../errors.ts";

/** A message to a thread: a job, or something that holds for all jobs. */
export type Message<Job, Told> =
  | { readonly id: number; readonly job: Job }
  | { readonly id?: never; readonly told: Told };

/**
 * The answer of a thread. Messages between threads drop an error's class and code, so its parts are sent separately.
 */
export type Answer<Value> =
  | { readonly id: number; readonly value: Value }
  | { readonly id: number; readonly failure: SentError };

/** The result of a job. */
export interface Done<Value> {
  readonly value: Value;
  /** Memory of the value to transfer instead of copying it. This thread loses access to it. */
  readonly transfer?: readonly ArrayBuffer[];
}

/**
 * Serve the pool that started this thread. Jobs run concurrently while they wait for something.
 *
 * @param work    Does one job. Whatever it throws reaches the caller as an XrayError.
 * @param onTold  Called with what the pool tells all of its threads.
 */
export function serveJobs<Job, Value, Told = never>(
  work: (job: Job) => Promise<Done<Value>>,
  onTold: (told: Told) => void = () => undefined,
): void {
  const port = parentPort!;
  const answer = async (id: number, job: Job): Promise<void> => {
    try {
      const { value, transfer = [] } = await work(job);
      port.postMessage({ id, value } satisfies Answer<Value>, transfer);
    } catch (error) {
      port.postMessage({ id, failure: sentError(error) } satisfies Answer<Value>);
    }
  };
  port.on("message", (message: Message<Job, Told>) => {
    if (message.id === undefined) onTold(message.told);
    else void answer(message.id, message.job);
  });
}
