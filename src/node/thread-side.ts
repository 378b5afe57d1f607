/**
 * What a thread of a pool runs: it takes jobs as they come and answers each with a value or a failure.
 *
 * Knows: messages. Not what the jobs are. The other side is `thread-pool.ts`, which loads nothing of this but its types.
 */

import { parentPort } from "node:worker_threads";
import { type SentError, sentError } from "../errors.ts";

/** What a thread is sent: a job, or something that holds for all jobs. */
export type Message<Job, Told> =
  | { readonly id: number; readonly job: Job }
  | { readonly id?: never; readonly told: Told };

/** What a thread answers. */
export type Answer<Value> =
  | { readonly id: number; readonly value: Value }
  | { readonly id: number; readonly failure: SentError };

/** A job's value. */
export interface Done<Value> {
  readonly value: Value;
  /** Memory of the value that is handed over and not copied; this thread has it no more. */
  readonly transfer?: readonly ArrayBuffer[];
}

/**
 * Serve the pool that started this thread. Jobs run at the same time where they wait for something.
 *
 * @param work    Does one job. What it throws reaches whoever asked, as an XrayError.
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
