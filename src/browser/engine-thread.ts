/**
 * The page's side of the worker with the engine: makes calls and receives replies.
 *
 * Knows: the messages of `calls.ts`. Not what they mean.
 */

import { XrayError } from "../errors.ts";
import type { CallName, Calls, Reply } from "./calls.ts";

/** The caller that waits for a reply. */
interface Waiting {
  readonly resolve: (value: never) => void;
  readonly reject: (error: XrayError) => void;
}

/** Owns a worker. Calls that are open when it ends fail. */
export class EngineThread {
  readonly #worker = new Worker(new URL("./engine-worker.js", import.meta.url), {
    type: "module",
    name: "medical-x",
  });
  readonly #waiting = new Map<number, Waiting>();
  #next = 0;
  #end: XrayError | undefined;

  constructor() {
    this.#worker.onmessage = ({ data }: MessageEvent<Reply>) => this.#settle(data);
    this.#worker.onerror = ({ message }) => {
      const reason = message === undefined || message === "" ? "" : ` (${message})`;
      this.#close(
        new XrayError(
          "browser/worker-failed",
          `the worker that computes has failed${reason}; its script "engine-worker.js" must be served from this page's ` +
            'origin, with the header "Cross-Origin-Embedder-Policy: require-corp"',
          {},
        ),
      );
    };
  }

  /** Make a call. Throws what the worker throws; XrayError `browser/worker-failed`, `model/released`. */
  ask<N extends CallName>(name: N, ...args: Parameters<Calls[N]>): Promise<ReturnType<Calls[N]>> {
    if (this.#end !== undefined) return Promise.reject(this.#end);
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage({ id, name, args });
    });
  }

  #settle({ id, value, failure }: Reply): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (failure === undefined) waiting?.resolve(value as never);
    else waiting?.reject(new XrayError(failure.code, failure.message, failure.details));
  }

  #close(end: XrayError): void {
    this.#end = end;
    this.#worker.terminate();
    for (const { reject } of this.#waiting.values()) reject(end);
    this.#waiting.clear();
  }

  /** End the worker at once, which frees all of its memory. */
  end(): void {
    if (this.#end !== undefined) return;
    this.#close(new XrayError("model/released", "the model was released and cannot be used any more", {}));
  }
}
