/**
 * How the worker for finer maps gives way to the one that reads images: it begins nothing while that one is busy.
 *
 * Knows: memory that workers share, and sessions. Not what is read or computed.
 */

import type { SessionFactory } from "../../src/graph/session.ts";

/** How many calls are under way, in memory that workers share. */
export class BusyCount {
  /** For the same count on another thread. */
  readonly memory: SharedArrayBuffer;
  readonly #count: Int32Array<SharedArrayBuffer>;

  /** @param memory  That of a count on another thread; new memory by default. */
  constructor(memory = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)) {
    this.memory = memory;
    this.#count = new Int32Array(memory);
  }

  /** Count a call until it is answered. */
  async during<T>(call: Promise<T>): Promise<T> {
    this.#add(1);
    try {
      return await call;
    } finally {
      this.#add(-1);
    }
  }

  /** Stop this thread until no call is under way, or for a while. The page's own thread cannot be stopped. */
  waitUntilFree(milliseconds: number): void {
    const deadline = performance.now() + milliseconds;
    for (;;) {
      const count = Atomics.load(this.#count, 0);
      const left = deadline - performance.now();
      if (count === 0 || left <= 0) return;
      Atomics.wait(this.#count, 0, count, left);
    }
  }

  #add(calls: number): void {
    Atomics.add(this.#count, 0, calls);
    Atomics.notify(this.#count, 0);
  }
}

/** Sessions that give way before they are started and before each run. */
export const givingWay =
  (createSession: SessionFactory, giveWay: () => void): SessionFactory =>
  async (model, options) => {
    giveWay();
    const session = await createSession(model, options);
    return {
      outputNames: session.outputNames,
      run(...feeds) {
        giveWay();
        return session.run(...feeds);
      },
      release: () => session.release(),
    };
  };
