/**
 * Keeps the last few of something large, such as pictures.
 *
 * Knows: nothing of what it keeps.
 */

/** Keeps what was used last. */
export class Recent<T> {
  readonly #kept = new Map<number, T>();
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  get(id: number): T | undefined {
    const found = this.#kept.get(id);
    if (found !== undefined) {
      this.#kept.delete(id);
      this.#kept.set(id, found);
    }
    return found;
  }

  put(id: number, value: T): void {
    this.#kept.delete(id);
    this.#kept.set(id, value);
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= this.#most) break;
      this.#kept.delete(oldest);
    }
  }

  clear(): void {
    this.#kept.clear();
  }
}
