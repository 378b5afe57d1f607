/**
 * Numbers of UIDs, from 1 on in the order in which they were added, without the UIDs themselves: 16 bytes of a hash each,
 * and 8 to 16 bytes for finding it. So a million UIDs take about 30 MB, where strings in a map would take several times as
 * much.
 *
 * Knows: hashes and typed arrays.
 */

import { createHash } from "node:crypto";
import { Column } from "./column.ts";

/** Words of a hash. Two of a billion UIDs have the same 128 bits with a probability below 1e-20. */
const WORDS = 4;
const FIRST_SLOTS = 1024;

function wordsOf(uid: string): Uint32Array {
  const digest = createHash("sha256").update(uid).digest();
  return Uint32Array.from({ length: WORDS }, (_, i) => digest.readUInt32LE(i * 4));
}

export class UidIndex {
  /** Numbers by a hash's first word, with open addressing; 0 is a free slot. */
  #slots = new Uint32Array(FIRST_SLOTS);
  readonly #words = Array.from({ length: WORDS }, () => new Column(Uint32Array));
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** The slot that holds a hash's number, or the free one where it would go. */
  #slotOf(words: Uint32Array): number {
    const mask = this.#slots.length - 1;
    for (let slot = words[0]! & mask; ; slot = (slot + 1) & mask) {
      const number = this.#slots[slot]!;
      if (number === 0 || this.#words.every((column, i) => column.get(number) === words[i])) return slot;
    }
  }

  /** The number of a UID; undefined if it has none. */
  numberOf(uid: string): number | undefined {
    const number = this.#slots[this.#slotOf(wordsOf(uid))]!;
    return number === 0 ? undefined : number;
  }

  /** Give a UID that has no number the next one. */
  add(uid: string): number {
    if ((this.#count + 1) * 2 > this.#slots.length) this.#grow();
    const words = wordsOf(uid);
    this.#count += 1;
    for (const [i, column] of this.#words.entries()) column.set(this.#count, words[i]!);
    this.#slots[this.#slotOf(words)] = this.#count;
    return this.#count;
  }

  #grow(): void {
    this.#slots = new Uint32Array(this.#slots.length * 2);
    const words = new Uint32Array(WORDS);
    for (let number = 1; number <= this.#count; number++) {
      for (const [i, column] of this.#words.entries()) words[i] = column.get(number);
      this.#slots[this.#slotOf(words)] = number;
    }
  }
}
