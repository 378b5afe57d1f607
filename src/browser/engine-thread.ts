/**
 * The page's side of the worker with the engine: makes calls and receives replies.
 *
 * Knows: the messages of `calls.ts`. Not what they mean.
 */

import { receivedError, XrayError } from "../errors.ts";
import type { CallTable, Cancel, Progress, Reply } from "./calls.ts";

/** The caller that waits for a reply. */
interface Waiting {
  readonly resolve: (value: never) => void;
  readonly reject: (error: unknown) => void;
  readonly onProgress: AskHooks["onProgress"];
}

/** How a caller follows a call or ends it early. */
export interface AskHooks {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/** What calls to a worker that was ended fail with. */
export const released = (): XrayError =>
  new XrayError("model/released", "the model was released and can no longer be used; load it again", {});

/** Owns a worker that answers the calls of a table. Calls that are open when it ends fail. */
export class EngineThread<C extends CallTable<C>> {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #next = 0;
  #hasAnswered = false;
  #end: XrayError | undefined;

  /** @param script  The name of the worker's script, for messages. */
  constructor(worker: Worker, script: string) {
    this.#worker = worker;
    this.#worker.onmessage = ({ data }: MessageEvent<Reply | Progress>) => this.#hear(data);
    this.#worker.onerror = ({ message }) => {
      const reason = message === undefined || message === "" ? "" : ` (${message})`;
      const wayOn = this.#hasAnswered
        ? "memory may have run out; close other tabs, or use smaller images"
        : `its script "${script}" must be served from this page's origin, with the header ` +
          '"Cross-Origin-Embedder-Policy: require-corp"';
      const what = `the worker that computes has failed${reason}; ${wayOn}`;
      this.#close(new XrayError("browser/worker-failed", what, {}));
    };
  }

  /**
   * Make a call.
   *
   * @throws  What the worker throws; XrayError `browser/worker-failed`, `model/released`; the reason of an aborted
   *          signal.
   */
  ask<N extends keyof C>(name: N, ...args: Parameters<C[N]>): Promise<ReturnType<C[N]>> {
    return this.askWith({}, name, ...args);
  }

  /** Make a long call, which reports its progress and can be ended early by a signal. */
  async askWith<N extends keyof C>(
    { signal, onProgress }: AskHooks,
    name: N,
    ...args: Parameters<C[N]>
  ): Promise<ReturnType<C[N]>> {
    signal?.throwIfAborted();
    if (this.#end !== undefined) throw this.#end;
    const id = this.#next++;
    const onAbort = () => {
      this.#waiting.get(id)?.reject(signal?.reason);
      this.#waiting.delete(id);
      this.#worker.postMessage({ id, name: "cancel" } satisfies Cancel);
    };
    signal?.addEventListener("abort", onAbort, { once: true });
    try {
      return await new Promise((resolve, reject) => {
        this.#waiting.set(id, { resolve, reject, onProgress });
        this.#worker.postMessage({ id, name, args });
      });
    } finally {
      this.#waiting.delete(id);
      signal?.removeEventListener("abort", onAbort);
    }
  }

  #hear(message: Reply | Progress): void {
    const waiting = this.#waiting.get(message.id);
    if ("done" in message) {
      try {
        waiting?.onProgress?.(message.done, message.total);
      } catch (error) {
        // As in Node, a callback that throws ends the call.
        waiting?.reject(error);
        this.#worker.postMessage({ id: message.id, name: "cancel" } satisfies Cancel);
      }
      return;
    }
    this.#hasAnswered = true;
    const { id, value, failure } = message;
    this.#waiting.delete(id);
    if (failure === undefined) waiting?.resolve(value as never);
    else waiting?.reject(receivedError(failure));
  }

  #close(end: XrayError): void {
    this.#end = end;
    this.#worker.terminate();
    for (const { reject } of this.#waiting.values()) reject(end);
    this.#waiting.clear();
  }

  /** End the worker at once, which frees all of its memory. */
  end(): void {
    if (this.#end === undefined) this.#close(released());
  }
}
