/**
 * Bounds how much work of one kind is under way at once; the rest waits, first come first served.
 *
 * Knows: nothing of what the work is.
 */

export class Slots {
  #free: number;
  #waiting: (() => void)[] = [];

  /** @param most  Pieces of work at once. */
  constructor(most: number) {
    this.#free = most;
  }

  /**
   * Do some work as soon as a slot is free.
   *
   * @param signal  Ends the wait for a slot; the call then rejects with the signal's reason.
   */
  async run<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    await this.#take(signal);
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#free += 1;
      else next();
    }
  }

  #take(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      if (this.#free > 0) {
        this.#free -= 1;
        resolve();
        return;
      }
      const leave = () => {
        this.#waiting = this.#waiting.filter((one) => one !== enter);
        reject(signal!.reason);
      };
      const enter = () => {
        signal?.removeEventListener("abort", leave);
        resolve();
      };
      signal?.addEventListener("abort", leave, { once: true });
      this.#waiting.push(enter);
    });
  }
}
