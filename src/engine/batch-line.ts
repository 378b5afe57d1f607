/**
 * A line of work that is done in batches: whatever waits when a worker is free is done together. Nothing waits for a
 * batch to fill, so a single item is done at once.
 *
 * Knows: nothing of what the work is.
 */

/** How a line works. */
export interface LineOptions<Item, Outcome> {
  /** Most items of a batch. */
  readonly most: number;
  /** Items with the same key may be done together. */
  readonly keyOf: (item: Item) => string;
  /** Does a batch: one outcome for each item, in order. */
  readonly work: (items: readonly Item[]) => Promise<readonly Outcome[]>;
  /** Most batches that are done at once; 1 by default. */
  readonly atOnce?: number;
}

interface Waiting<Item, Outcome> {
  readonly item: Item;
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (reason: unknown) => void;
}

export class BatchLine<Item, Outcome> {
  readonly #options: LineOptions<Item, Outcome>;
  #waiting: Waiting<Item, Outcome>[] = [];
  #working = 0;

  constructor(options: LineOptions<Item, Outcome>) {
    this.#options = options;
  }

  /**
   * Have an item done.
   *
   * @param signal  Takes the item out of the line. The call then rejects with the signal's reason, at once even if the item
   *                is being done.
   * @throws        What the work throws.
   */
  add(item: Item, signal?: AbortSignal): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const leave = () => {
        this.#waiting = this.#waiting.filter((one) => one !== waiting);
        reject(signal!.reason);
      };
      const stay = () => signal?.removeEventListener("abort", leave);
      const waiting: Waiting<Item, Outcome> = {
        item,
        resolve: (outcome) => {
          stay();
          resolve(outcome);
        },
        reject: (reason) => {
          stay();
          reject(reason);
        },
      };
      signal?.addEventListener("abort", leave, { once: true });
      this.#waiting.push(waiting);
      if (this.#working < (this.#options.atOnce ?? 1)) void this.#workOn();
    });
  }

  async #workOn(): Promise<void> {
    this.#working += 1;
    while (this.#waiting.length > 0) {
      const batch = this.#next();
      try {
        const outcomes = await this.#options.work(batch.map(({ item }) => item));
        for (const [i, { resolve }] of batch.entries()) resolve(outcomes[i]!);
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    this.#working -= 1;
  }

  /** The item that has waited longest, and those behind it that may be done with it. */
  #next(): Waiting<Item, Outcome>[] {
    const { keyOf, most } = this.#options;
    const key = keyOf(this.#waiting[0]!.item);
    const batch = this.#waiting.filter(({ item }) => keyOf(item) === key).slice(0, most);
    const taken = new Set(batch);
    this.#waiting = this.#waiting.filter((one) => !taken.has(one));
    return batch;
  }
}
