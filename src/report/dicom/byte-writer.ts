/**
 * Bytes written one after another, in little endian, into memory that grows as needed.
 *
 * Knows: numbers and UTF-8.
 */

const INITIAL_BYTES = 64 * 1024;

const utf8 = new TextEncoder();

/** In UTF-8, one of JavaScript's units takes at most this many bytes. */
const BYTES_PER_UNIT = 3;

export class ByteWriter {
  #bytes = new Uint8Array(INITIAL_BYTES);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;

  /** How many bytes have been written. */
  get length(): number {
    return this.#length;
  }

  /** Make room, and return where it begins. */
  #room(bytes: number): number {
    const at = this.#length;
    if (at + bytes > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(2 * this.#bytes.length, at + bytes));
      grown.set(this.#bytes.subarray(0, at));
      this.#bytes = grown;
      this.#view = new DataView(grown.buffer);
    }
    this.#length = at + bytes;
    return at;
  }

  uint8(value: number): void {
    const at = this.#room(1);
    this.#view.setUint8(at, value);
  }

  uint16(value: number): void {
    const at = this.#room(2);
    this.#view.setUint16(at, value, true);
  }

  uint32(value: number): void {
    const at = this.#room(4);
    this.#view.setUint32(at, value, true);
  }

  bytes(values: Uint8Array): void {
    const at = this.#room(values.length);
    this.#bytes.set(values, at);
  }

  /** As UTF-8. */
  text(value: string): void {
    const at = this.#room(value.length * BYTES_PER_UNIT);
    const { written } = utf8.encodeInto(value, this.#bytes.subarray(at));
    this.#length = at + written;
  }

  /** Overwrite what was written before. */
  setUint16(at: number, value: number): void {
    if (value > 0xffff) throw new RangeError(`${value} does not fit into two bytes`);
    this.#view.setUint16(at, value, true);
  }

  /** Overwrite what was written before. */
  setUint32(at: number, value: number): void {
    this.#view.setUint32(at, value, true);
  }

  /** All bytes; the writer is not used after that. */
  finish(): Uint8Array {
    return this.#length === this.#bytes.length ? this.#bytes : this.#bytes.slice(0, this.#length);
  }
}
