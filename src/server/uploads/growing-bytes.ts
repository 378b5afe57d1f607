/**
 * Bytes that are put together as they come, in memory that grows with them.
 *
 * Knows: bytes.
 */

/** What is set aside before the first byte has come, at most. */
const FIRST = 1 << 20;

export class GrowingBytes {
  #bytes: Uint8Array<ArrayBuffer>;
  #length = 0;

  /** @param expected  Number of bytes that are to come, as far as it is known. */
  constructor(expected = 0) {
    this.#bytes = new Uint8Array(Math.min(expected, FIRST));
  }

  add(chunk: Uint8Array): void {
    const length = this.#length + chunk.length;
    if (length > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(length, 2 * this.#bytes.length));
      larger.set(this.#bytes.subarray(0, this.#length));
      this.#bytes = larger;
    }
    this.#bytes.set(chunk, this.#length);
    this.#length = length;
  }

  /** All bytes so far, in memory of just that size, since all of a view's memory is copied to a thread. */
  take(): Uint8Array<ArrayBuffer> {
    return this.#length === this.#bytes.length ? this.#bytes : this.#bytes.slice(0, this.#length);
  }
}
