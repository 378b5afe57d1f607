/**
 * Sends the objects of several images in one association, if they wait at the same time.
 *
 * Each image has its own end: what the archive says of its objects concerns no other. An association that breaks is charged to
 * an image only if nothing was sent in it before, since an archive may end one for reasons of its own.
 *
 * Knows: the order in which things are sent. Not how.
 */

import type { ResultObject } from "../../report/dicom/result-object.ts";
import type { Call } from "./calling.ts";

/** The objects of one image. */
export interface Batch {
  readonly objects: readonly ResultObject[];
  readonly signal: AbortSignal;
}

interface Waiting extends Batch {
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** An association, as far as it matters here. */
export type OpenCall = Pick<Call, "isBroken" | "release" | "abort">;

export interface BatchParts<C extends OpenCall> {
  /** Open an association for the classes of some objects. */
  open(batches: readonly Batch[], signal: AbortSignal): Promise<C>;
  /** Store an object. */
  store(call: C, object: ResultObject): Promise<void>;
}

/** The most images whose objects are sent in one association. */
export const IMAGES_PER_ASSOCIATION = 64;

export class BatchQueue<C extends OpenCall> {
  readonly #parts: BatchParts<C>;
  readonly #waiting: Waiting[] = [];
  #isRunning = false;

  constructor(parts: BatchParts<C>) {
    this.#parts = parts;
  }

  /** Send the objects of an image. Resolves when all were stored; throws what was thrown for the first that was not. */
  add(objects: readonly ResultObject[], signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ objects, signal, resolve, reject });
      if (!this.#isRunning) void this.#run();
    });
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    while (this.#waiting.length > 0) await this.#associate(this.#waiting[0]!.signal);
    this.#isRunning = false;
  }

  /** Send in one association what waits, and what comes meanwhile if its classes were proposed. Never throws. */
  async #associate(signal: AbortSignal): Promise<void> {
    const waiting = (): Waiting[] => this.#waiting.filter((batch) => batch.signal === signal);
    const proposed = waiting();
    const classes = new Set(classesOf(proposed));
    let call: C;
    try {
      call = await this.#parts.open(proposed, signal);
    } catch (error) {
      // Those that came meanwhile would fare no better.
      for (const batch of waiting()) {
        this.#waiting.splice(this.#waiting.indexOf(batch), 1);
        batch.reject(error);
      }
      return;
    }
    for (let sent = 0; sent < IMAGES_PER_ASSOCIATION; sent++) {
      const next = this.#waiting.findIndex(
        (batch) => batch.signal === signal && classesOf([batch]).every((name) => classes.has(name)),
      );
      if (next < 0) break;
      const [batch] = this.#waiting.splice(next, 1);
      await this.#send(call, batch!, sent === 0);
      if (call.isBroken) {
        call.abort();
        return;
      }
    }
    await call.release().catch(() => undefined);
  }

  async #send(call: C, batch: Waiting, isFirst: boolean): Promise<void> {
    try {
      for (const object of batch.objects) await this.#parts.store(call, object);
      batch.resolve();
    } catch (error) {
      if (call.isBroken && !isFirst && !batch.signal.aborted) this.#waiting.unshift(batch);
      else batch.reject(error);
    }
  }
}

const classesOf = (batches: readonly Batch[]): string[] =>
  batches.flatMap(({ objects }) => objects.map(({ sopClassUid }) => sopClassUid));
