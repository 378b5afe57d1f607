/**
 * Worker threads for image work, so that decoding and drawing overlap with the network.
 *
 * Pipeline:   files → **prepared images** → batches → session
 * Knows:      threads. Not models.
 */

import { availableParallelism } from "node:os";
import type { Worker } from "node:worker_threads";
import type { ImagePreparer, ImageRequest } from "../engine/ports.ts";
import { asXrayError, XrayError } from "../errors.ts";
import type { Preparation } from "../image/preparation.ts";
import type { PreparedImage } from "../image/prepare.ts";
import { gateMemory } from "./decoder-gate.ts";
import type { Drawing, Job, Reply, WorkerData } from "./image-jobs.ts";
import { startThread } from "./worker.ts";

/** The network needs most of the processor; one thread in two, at most four, can feed it. */
function threadCount(images: number): number {
  return Math.max(1, Math.min(4, images, Math.floor(availableParallelism() / 2)));
}

/** Who waits for an answer. */
interface Waiting {
  readonly resolve: (value: PreparedImage | Uint8Array) => void;
  readonly reject: (error: XrayError) => void;
}

/** One worker thread and the jobs that it has. A thread that dies is replaced; its jobs fail. */
class Lane {
  readonly #waiting = new Map<number, Waiting>();
  #worker = this.#start();
  #preparation: Job | undefined;
  #next = 0;
  #isClosing = false;

  #start(): Worker {
    const worker = startThread(new URL("./image-worker.js", import.meta.url), {
      gate: gateMemory(),
    } satisfies WorkerData);
    worker.unref();
    worker.on("message", (reply: Reply) => this.#settle(reply));
    worker.on("error", (error) => this.#replace(error));
    return worker;
  }

  tell(preparation: Job): void {
    this.#preparation = preparation;
    this.#worker.postMessage(preparation);
  }

  ask(makeJob: (id: number) => Job): Promise<PreparedImage | Uint8Array> {
    const id = this.#next++;
    // The process stays alive only while there is work.
    this.#worker.ref();
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage(makeJob(id));
    });
  }

  #settle({ id, value, failure }: Reply): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (this.#waiting.size === 0 && !this.#isClosing) this.#worker.unref();
    if (value !== undefined) waiting?.resolve(value);
    else if (failure !== undefined) {
      waiting?.reject(new XrayError(failure.code, failure.message, failure.details));
    }
  }

  /** Lack of memory, say: nothing tells which job it was. */
  #replace(error: unknown): void {
    for (const { reject } of this.#waiting.values()) reject(asXrayError(error));
    this.#waiting.clear();
    this.#worker = this.#start();
    if (this.#preparation !== undefined) this.#worker.postMessage(this.#preparation);
  }

  async close(): Promise<void> {
    // Else nothing would keep the process alive until the thread has ended, even if an answer is still on its way.
    this.#isClosing = true;
    this.#worker.ref();
    await this.#worker.terminate();
  }
}

/** Worker threads that share the image work of one model. */
export class ImagePool implements ImagePreparer {
  readonly #lanes: readonly Lane[];
  #next = 0;

  /** @param images  How many images are expected; more threads than that are not started. */
  constructor(images: number) {
    this.#lanes = Array.from({ length: threadCount(images) }, () => new Lane());
  }

  /** Say how images are prepared. Until then, they are only decoded. */
  usePreparation(preparation: Preparation): void {
    for (const lane of this.#lanes) lane.tell({ kind: "preparation", preparation });
  }

  async prepare(request: ImageRequest): Promise<PreparedImage> {
    return (await this.#lane().ask((id) => ({ kind: "prepare", id, ...request }))) as PreparedImage;
  }

  /** Draw an overlay picture; returns the bytes of a JPEG file. */
  async draw(drawing: Drawing): Promise<Uint8Array> {
    return (await this.#lane().ask((id) => ({ kind: "draw", id, drawing }))) as Uint8Array;
  }

  #lane(): Lane {
    return this.#lanes[this.#next++ % this.#lanes.length]!;
  }

  async close(): Promise<void> {
    await Promise.all(this.#lanes.map((lane) => lane.close()));
  }
}
