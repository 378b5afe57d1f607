/**
 * Images that wait for their turn: those that are due, first come first served, and those that are due later.
 *
 * Knows: numbers and times.
 */

interface Later {
  readonly image: number;
  readonly at: number;
}

export class DueList {
  #due: number[] = [];
  #first = 0;
  /** By falling time, so that the next one is at the end. */
  readonly #later: Later[] = [];
  readonly #all = new Set<number>();

  /** How many wait. */
  get size(): number {
    return this.#all.size;
  }

  /** When the next image that is not due yet will be; undefined if there is none. */
  get nextAt(): number | undefined {
    return this.#later.at(-1)?.at;
  }

  /** Let an image wait unless it does already. @param at  When it is due, in milliseconds; now by default. */
  add(image: number, at?: number): void {
    if (this.#all.has(image)) return;
    this.#all.add(image);
    if (at === undefined) {
      this.#due.push(image);
      return;
    }
    let [low, high] = [0, this.#later.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#later[middle]!.at > at) low = middle + 1;
      else high = middle;
    }
    this.#later.splice(low, 0, { image, at });
  }

  /** Whether one is due. */
  isDue(now: number): boolean {
    while (this.#later.length > 0 && this.#later.at(-1)!.at <= now) this.#due.push(this.#later.pop()!.image);
    return this.#first < this.#due.length;
  }

  /** Take the one that has been due for longest; undefined if none is. */
  take(now: number): number | undefined {
    if (!this.isDue(now)) return undefined;
    const image = this.#due[this.#first]!;
    this.#first += 1;
    if (this.#first > 1000 && this.#first * 2 > this.#due.length) {
      this.#due = this.#due.slice(this.#first);
      this.#first = 0;
    }
    this.#all.delete(image);
    return image;
  }
}
