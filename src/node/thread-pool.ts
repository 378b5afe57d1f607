/**
 * Worker threads that share jobs of one kind, so that work goes on beside the main thread.
 *
 * Knows: threads. Not what they do: that is the script's, which calls `serveJobs` of `thread-side.ts`.
 */

import { Worker } from "node:worker_threads";
import { receivedError, XrayError } from "../errors.ts";
import type { Answer, Message } from "./thread-side.ts";

/** What the threads of a pool are. */
interface ThreadPoolOptions {
  /** The file that each thread runs. */
  readonly script: URL;
  /** How many there are, at least one. */
  readonly threads: number;
  /** Handed to each as `workerData`. */
  readonly data: unknown;
}

/** Who waits for an answer. */
interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: XrayError) => void;
}

function endedError(reason: string, jobs: number): XrayError {
  const message = `a worker thread ended in the middle of its work, and what it had begun is lost: ${reason}`;
  return new XrayError("thread/ended", message, { reason, jobs });
}

/** One thread and the jobs that it has. When it dies, its jobs fail, and the next job starts another one. */
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

  /** How many jobs it has. */
  get load(): number {
    return this.#waiting.size;
  }

  /** What its last job was about. */
  get subject(): unknown {
    return this.#subject;
  }

  /** None of Node's own flags: our files need none, and with `--input-type=module` no thread would start from a file. */
  #start(): Worker {
    const { script, data } = this.#options;
    const worker = new Worker(script, { execArgv: [], workerData: data });
    worker.on("message", (answer: Answer<unknown>) => this.#settle(answer));
    worker.on("error", (error) => this.#bury(worker, error instanceof Error ? error.message : String(error)));
    worker.on("exit", (code) => this.#bury(worker, `its exit code is ${code}`));
    // After the listeners: one for messages keeps the process alive again.
    worker.unref();
    if (this.#told !== undefined) worker.postMessage(this.#told);
    return worker;
  }

  tell(message: Message<unknown, unknown>): void {
    this.#told = message;
    this.#worker?.postMessage(message);
  }

  ask(job: unknown, subject: unknown): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.#isClosed) throw new XrayError("thread/closed", "the worker threads have been ended already");
      this.#worker ??= this.#start();
      const id = this.#next++;
      this.#worker.postMessage({ id, job } satisfies Message<unknown, unknown>);
      // The process stays alive only while there is work.
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

  /** Lack of memory, say: nothing tells which job it was. */
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
    // Its end is no accident.
    this.#worker = undefined;
    this.#isClosed = true;
    // Else nothing would keep the process alive until the thread has ended, even if an answer is still on its way.
    worker?.ref();
    await worker?.terminate();
    this.#fail(new XrayError("thread/closed", "the worker threads were ended before this was done"));
  }
}

/**
 * Threads that do jobs of one kind.
 *
 * They keep the process alive only while there are jobs. All threads start at once, and a thread that died is replaced when
 * its turn comes.
 */
export class ThreadPool<Job, Value, Told = never> {
  readonly #threads: readonly PoolThread[];
  #next = 0;

  constructor(options: ThreadPoolOptions) {
    this.#threads = Array.from({ length: options.threads }, () => new PoolThread(options));
  }

  /** Say something that holds for all jobs. Each thread hears the last of it, those that start later too. */
  tell(told: Told): void {
    for (const thread of this.#threads) thread.tell({ told });
  }

  /**
   * Have a job done: by the thread whose last job was about the same, else by the one that has the fewest.
   *
   * @param job      Copied to the thread.
   * @param subject  What the job is about, where the thread remembers something of it.
   * @throws         XrayError: the job's own, `thread/ended` where its thread dies, `thread/closed`.
   */
  ask(job: Job, subject?: unknown): Promise<Value> {
    return this.#choose(subject).ask(job, subject) as Promise<Value>;
  }

  #choose(subject: unknown): PoolThread {
    const known = this.#threads.find((thread) => subject !== undefined && thread.subject === subject);
    if (known !== undefined) return known;
    // Of equals the next in turn, so that all take part.
    const inTurn = this.#threads.map((_, i) => this.#threads[(this.#next + i) % this.#threads.length]!);
    this.#next += 1;
    return inTurn.reduce((best, thread) => (thread.load < best.load ? thread : best));
  }

  /** End all threads; jobs that are not done fail. */
  async close(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.close()));
  }
}
