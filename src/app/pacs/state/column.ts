/**
 * A list of numbers in a typed array that grows as needed.
 *
 * Knows: typed arrays.
 */

type Numbers = Uint8Array | Uint16Array | Uint32Array | Float64Array;

const FIRST_LENGTH = 256;

export class Column {
  readonly #type: new (
    length: number,
  ) => Numbers;
  #values: Numbers;

  /** @param type  The type of each number. */
  constructor(type: new (length: number) => Numbers) {
    this.#type = type;
    this.#values = new type(FIRST_LENGTH);
  }

  /** The value at a place; 0 where none has been set. */
  get(at: number): number {
    return this.#values[at] ?? 0;
  }

  set(at: number, value: number): void {
    if (at >= this.#values.length) {
      const grown = new this.#type(Math.max(at + 1, Math.ceil(this.#values.length * 1.5)));
      grown.set(this.#values);
      this.#values = grown;
    }
    this.#values[at] = value;
  }
}
