/**
 * A worker process as the one that starts it sees it. A worker that dies is started again for the next piece.
 *
 * Knows: processes, and the messages of `jobs.ts`. Not what is predicted.
 */

import { type ChildProcess, fork } from "node:child_process";
import { receivedError, XrayError } from "../../errors.ts";
import type { ScoreRow } from "../../report/scoring/score-row.ts";
import type { FromWorker, ImageToRead, ToWorker, WorkerSetup } from "./jobs.ts";

interface Waiting {
  readonly resolve: (rows: readonly ScoreRow[]) => void;
  readonly reject: (error: XrayError) => void;
}

function diedError(code: number | null, signal: string | null): XrayError {
  const how = signal === null ? `its exit code is ${code}` : `by ${signal}`;
  const message = `a worker process ended in the middle of its work (${how}); try again with fewer workers if memory is short`;
  return new XrayError("scoring/worker-died", message, { code, signal });
}

export class WorkerProcess {
  readonly #setup: WorkerSetup;
  readonly #waiting = new Map<number, Waiting>();
  #child: ChildProcess | undefined;
  #next = 0;

  constructor(setup: WorkerSetup) {
    this.#setup = setup;
  }

  #start(): ChildProcess {
    // Without Node's own flags, as for threads.
    const child = fork(new URL("./score-worker.js", import.meta.url), [], {
      serialization: "advanced",
      execArgv: [],
    });
    child.on("message", (message: FromWorker) => this.#settle(message));
    child.on("error", () => this.#bury(child, null, "a failure to start"));
    child.on("exit", (code, signal) => this.#bury(child, code, signal));
    child.send({ kind: "start", setup: this.#setup } satisfies ToWorker);
    return child;
  }

  #settle(message: FromWorker): void {
    if (message.kind === "ready") return;
    if (message.kind === "failed" && message.id === null) {
      this.#failAll(receivedError(message.error));
      this.kill();
      return;
    }
    const waiting = this.#waiting.get(message.id!);
    this.#waiting.delete(message.id!);
    if (message.kind === "rows") waiting?.resolve(message.rows);
    else waiting?.reject(receivedError(message.error));
  }

  #failAll(error: XrayError): void {
    const all = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of all) reject(error);
  }

  #bury(child: ChildProcess, code: number | null, signal: string | null): void {
    if (this.#child === child) this.#child = undefined;
    this.#failAll(diedError(code, signal));
  }

  /**
   * Have images predicted.
   *
   * @throws  XrayError `scoring/worker-died` if the process ends before that, and what the worker throws.
   */
  predict(images: readonly ImageToRead[]): Promise<readonly ScoreRow[]> {
    return new Promise((resolve, reject) => {
      this.#child ??= this.#start();
      const id = this.#next++;
      this.#waiting.set(id, { resolve, reject });
      this.#child.send({ kind: "piece", id, images } satisfies ToWorker, (error) => {
        if (error !== null) {
          this.#waiting.delete(id);
          reject(diedError(null, null));
        }
      });
    });
  }

  /** End the process at once. What it has not finished fails. */
  kill(): void {
    const child = this.#child;
    this.#child = undefined;
    child?.kill("SIGKILL");
  }
}
