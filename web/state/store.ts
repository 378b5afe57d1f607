/**
 * A value that is replaced, never changed, and whose readers hear of each replacement.
 *
 * Knows: nothing of what it holds.
 */

/** Holds the state of the page. Whoever shows it subscribes. */
export class Store<T extends object> {
  #value: T;
  readonly #readers = new Set<(value: T) => void>();

  constructor(value: T) {
    this.#value = value;
  }

  get value(): T {
    return this.#value;
  }

  /** Replace some fields, and tell the readers unless nothing is different. */
  set(patch: Partial<T>): void {
    const keys = Object.keys(patch) as (keyof T)[];
    if (keys.every((key) => Object.is(this.#value[key], patch[key]))) return;
    this.#value = { ...this.#value, ...patch };
    for (const reader of [...this.#readers]) reader(this.#value);
  }

  /** Call `reader` after each replacement. Returns a function that ends this. */
  subscribe(reader: (value: T) => void): () => void {
    this.#readers.add(reader);
    return () => this.#readers.delete(reader);
  }
}
