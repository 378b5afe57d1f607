/**
 * Worker threads that share jobs of one kind, so that work proceeds beside the main thread.
 *
 * Knows: threads. Not what they do, which is up to the script that calls `serveJobs` of `thread-side.ts`.
 */

import { Worker } from "node:worker_threads";
import { receivedError, XrayError } from "../errors.ts";
import type { Answer, Message } from "./thread-side.ts";

/** How to start the threads of a pool. */
interface ThreadPoolOptions {
  /** The file that each thread runs. */
  readonly script: URL;
  /** Number of threads, at least one. */
  readonly threads: number;
  /** Passed to each as `workerData`. */
  readonly data: unknown;
}

/** The caller that waits for an answer. */
interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: XrayError) => void;
}

function endedError(reason: string, jobs: number): XrayError {
  const message = `a worker thread ended in the middle of its work (${reason}), and what it had begun is lost; try again with fewer threads`;
  return new XrayError("thread/ended", message, { reason, jobs });
}

/** One thread with its jobs. If it dies, its jobs fail, and the next job starts a new thread. */
class PoolThread {
  readonly #options: ThreadPoolOptions;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #told: Message<unknown, unknown> | undefined;
  #subject: unknown;
  #next = 0;
  #isClosed = false;

  constructor(options: ThreadPoolOptions) {
    this.#options = options;
    this.#worker = this.#start();
  }

  /** Number of unfinished jobs. */
  get load(): number {
    return this.#waiting.size;
  }

  /** The subject of its last job. */
  get subject(): unknown {
    return this.#subject;
  }

  /**
   * Without Node's own flags: our files need none, and with `--input-type=module` no thread could start from a file.
   */
  #start(): Worker {
    const { script, data } = this.#options;
    const worker = new Worker(script, { execArgv: [], workerData: data });
    worker.on("message", (answer: Answer<unknown>) => this.#settle(answer));
    worker.on("error", (error) => this.#bury(worker, error instanceof Error ? error.message : String(error)));
    worker.on("exit", (code) => this.#bury(worker, `its exit code is ${code}`));
    // After the listeners, since a listener for messages keeps the process alive again.
    worker.unref();
    if (this.#told !== undefined) worker.postMessage(this.#told);
    return worker;
  }

  tell(message: Message<unknown, unknown>): void {
    this.#told = message;
    this.#worker?.postMessage(message);
  }

  ask(job: unknown, subject: unknown, transfer: readonly ArrayBuffer[]): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.#isClosed) throw new XrayError("thread/closed", "the worker threads have been ended already");
      this.#worker ??= this.#start();
      const id = this.#next++;
      this.#worker.postMessage({ id, job } satisfies Message<unknown, unknown>, transfer);
      // Keep the process alive only while there is work.
      this.#worker.ref();
      this.#waiting.set(id, { resolve, reject });
      this.#subject = subject;
    });
  }

  #settle(answer: Answer<unknown>): void {
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if (this.#waiting.size === 0 && !this.#isClosed) this.#worker?.unref();
    if ("value" in answer) waiting?.resolve(answer.value);
    else waiting?.reject(receivedError(answer.failure));
  }

  /** Handle the death of a thread, for example from lack of memory. Nothing tells which job caused it. */
  #bury(worker: Worker, reason: string): void {
    if (worker !== this.#worker) return;
    this.#worker = undefined;
    this.#subject = undefined;
    this.#fail(endedError(reason, this.load));
  }

  #fail(error: XrayError): void {
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }

  async close(): Promise<void> {
    const worker = this.#worker;
    // From here on, its end is expected.
    this.#worker = undefined;
    this.#isClosed = true;
    // Otherwise nothing would keep the process alive until the thread has ended, even with an answer on its way.
    worker?.ref();
    await worker?.terminate();
    this.#fail(new XrayError("thread/closed", "the worker threads were ended before this was done"));
  }
}

/**
 * Threads that do jobs of one kind.
 *
 * They keep the process alive only while there are jobs. All threads start at once, and a dead thread is replaced when
 * its turn comes.
 */
export class ThreadPool<Job, Value, Told = never> {
  readonly #threads: readonly PoolThread[];
  #next = 0;

  constructor(options: ThreadPoolOptions) {
    this.#threads = Array.from({ length: options.threads }, () => new PoolThread(options));
  }

  /** Tell all threads something that holds for all jobs. Threads that start later are told the latest value, too. */
  tell(told: Told): void {
    for (const thread of this.#threads) thread.tell({ told });
  }

  /**
   * Have a job done, by the thread whose last job had the same subject, or else by the least busy thread.
   *
   * @param job       Copied to the thread.
   * @param subject   What the job is about, if the thread remembers something about it.
   * @param transfer  Memory of the job to move instead of copying it. The caller loses access to it.
   * @throws          XrayError: the job's own, `thread/ended` if its thread dies, `thread/closed`.
   */
  ask(job: Job, subject?: unknown, transfer: readonly ArrayBuffer[] = []): Promise<Value> {
    return this.#choose(subject).ask(job, subject, transfer) as Promise<Value>;
  }

  #choose(subject: unknown): PoolThread {
    const known = this.#threads.find((thread) => subject !== undefined && thread.subject === subject);
    if (known !== undefined) return known;
    // Rotate among equals, so that all threads take part.
    const inTurn = this.#threads.map((_, i) => this.#threads[(this.#next + i) % this.#threads.length]!);
    this.#next += 1;
    return inTurn.reduce((best, thread) => (thread.load < best.load ? thread : best));
  }

  /** End all threads. Unfinished jobs fail. */
  async close(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.close()));
  }
}
