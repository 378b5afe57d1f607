/**
 * Reads images ahead of those that decode them: a few at a time, and never more bytes than a limit.
 *
 * Knows: nothing about images or where they are.
 */

/** Images to read at the same time. */
const AT_ONCE = 8;
/** Bytes to hold, of images that are being read or wait to be decoded. A single larger image is read alone. */
const MOST_BYTES = 64 << 20;
/** What an image of unknown size counts for. */
const USUAL_BYTES = 4 << 20;

interface Wanted {
  readonly id: number;
  readonly size: number;
  readonly read: () => Promise<Uint8Array>;
}

interface Held {
  readonly size: number;
  readonly bytes: Promise<Uint8Array>;
}

/** Images by number. Whoever adds one must take it. */
export class ReadAhead {
  readonly #waiting = new Map<number, Wanted>();
  readonly #held = new Map<number, Held>();
  #size = 0;
  #running = 0;

  add(id: number, size: number | null, read: () => Promise<Uint8Array>): void {
    this.#waiting.set(id, { id, size: size ?? USUAL_BYTES, read });
    this.#fill();
  }

  #fill(): void {
    for (const wanted of this.#waiting.values()) {
      const isFull = this.#held.size > 0 && this.#size + wanted.size > MOST_BYTES;
      if (this.#running >= AT_ONCE || isFull) return;
      this.#start(wanted);
    }
  }

  #start({ id, size, read }: Wanted): Held {
    this.#waiting.delete(id);
    this.#size += size;
    this.#running += 1;
    const bytes = read().finally(() => {
      this.#running -= 1;
      this.#fill();
    });
    // Whoever takes it sees the failure.
    bytes.catch(() => undefined);
    const held = { size, bytes };
    this.#held.set(id, held);
    return held;
  }

  /** The bytes of an image that was added, each once. Throws what its reading throws. */
  async take(id: number): Promise<Uint8Array> {
    const wanted = this.#waiting.get(id);
    const held = wanted === undefined ? this.#held.get(id)! : this.#start(wanted);
    try {
      return await held.bytes;
    } finally {
      this.#held.delete(id);
      this.#size -= held.size;
      this.#fill();
    }
  }
}
