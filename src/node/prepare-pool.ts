/**
 * Preparing many images on worker threads, in order, a bounded number ahead of who uses them.
 *
 * Pipeline:   files → **prepared images, ahead of time** → batches → session
 * Knows:      threads. Not models.
 */

import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { type ErrorCode, type ErrorDetails, XrayError } from "../errors.ts";
import type { Preparation } from "../image/preparation.ts";
import type { PreparedImage } from "../image/prepare.ts";
import { type ImageSource, prepareFile } from "./prepare-file.ts";

/** What a worker answers. */
export interface PrepareReply {
  readonly id: number;
  readonly prepared?: PreparedImage;
  readonly failure?: { readonly code: ErrorCode; readonly message: string; readonly details: ErrorDetails };
}

/** One image of a run: prepared, or why not. */
export interface PreparedItem {
  readonly source: ImageSource;
  readonly result: PreparedImage | XrayError;
}

/** Below this many images, starting a thread costs more than it gains. */
const INLINE_LIMIT = 4;

function asError(error: unknown): XrayError {
  if (error instanceof XrayError) return error;
  return new XrayError(
    "internal/unexpected",
    error instanceof Error ? error.message : String(error),
    {},
    error,
  );
}

/** Worker threads that share one queue of images. */
class Pool {
  readonly #workers: readonly Worker[];
  readonly #waiting = new Map<number, (reply: PreparedImage | XrayError) => void>();
  #next = 0;

  constructor(size: number, preparation: Preparation) {
    const script = new URL(
      import.meta.url.endsWith(".ts") ? "./prepare-worker.ts" : "./prepare-worker.js",
      import.meta.url,
    );
    this.#workers = Array.from({ length: size }, () => {
      const worker = new Worker(script, { workerData: preparation });
      worker.on("message", (reply: PrepareReply) => this.#settle(reply));
      worker.on("error", (error) => this.#failAll(error));
      return worker;
    });
  }

  prepare(source: ImageSource): Promise<PreparedImage | XrayError> {
    const id = this.#next++;
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      this.#workers[id % this.#workers.length]!.postMessage({ id, source });
    });
  }

  #settle({ id, prepared, failure }: PrepareReply): void {
    const resolve = this.#waiting.get(id);
    this.#waiting.delete(id);
    resolve?.(prepared ?? new XrayError(failure!.code, failure!.message, failure!.details));
  }

  /** A worker that dies of lack of memory takes its images with it. */
  #failAll(error: unknown): void {
    for (const resolve of this.#waiting.values()) resolve(asError(error));
    this.#waiting.clear();
  }

  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }
}

/**
 * Prepare images, in order.
 *
 * @param ahead  How many may be prepared or under way before they are asked for; bounds the memory.
 * @returns      One item per source; a failure is an item too, so that the others are still done.
 */
export async function* prepareAll(
  sources: readonly ImageSource[],
  preparation: Preparation,
  ahead: number,
): AsyncGenerator<PreparedItem, void> {
  const threads = Math.max(1, Math.min(4, Math.floor(availableParallelism() / 2)));
  const pool = sources.length > INLINE_LIMIT ? new Pool(threads, preparation) : undefined;
  const prepare = (source: ImageSource): Promise<PreparedImage | XrayError> =>
    pool === undefined ? prepareFile(source, preparation).catch(asError) : pool.prepare(source);
  const queue: { source: ImageSource; result: Promise<PreparedImage | XrayError> }[] = [];
  let next = 0;
  try {
    while (next < sources.length || queue.length > 0) {
      while (next < sources.length && queue.length < ahead) {
        const source = sources[next++]!;
        queue.push({ source, result: prepare(source) });
      }
      const { source, result } = queue.shift()!;
      yield { source, result: await result };
    }
  } finally {
    await pool?.close();
  }
}
