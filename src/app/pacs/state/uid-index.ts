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

/** Read a hash into `words`. */
function hashInto(words: Uint32Array, uid: string): void {
  const digest = createHash("sha256").update(uid).digest();
  for (let i = 0; i < WORDS; i++) words[i] = digest.readUInt32LE(i * 4);
}

export class UidIndex {
  /** Numbers by a hash's first word, with open addressing; 0 is a free slot. */
  #slots = new Uint32Array(FIRST_SLOTS);
  readonly #words = Array.from({ length: WORDS }, () => new Column(Uint32Array));
  /** The hash that is looked for. */
  readonly #hash = new Uint32Array(WORDS);
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** The slot that holds the number of the hash in `#hash`, or the free one where it would go. */
  #slot(): number {
    const mask = this.#slots.length - 1;
    for (let slot = this.#hash[0]! & mask; ; slot = (slot + 1) & mask) {
      const number = this.#slots[slot]!;
      if (number === 0 || this.#isAt(number)) return slot;
    }
  }

  #isAt(number: number): boolean {
    for (let i = 0; i < WORDS; i++) if (this.#words[i]!.get(number) !== this.#hash[i]) return false;
    return true;
  }

  /** The number of a UID; undefined if it has none. */
  numberOf(uid: string): number | undefined {
    hashInto(this.#hash, uid);
    const number = this.#slots[this.#slot()]!;
    return number === 0 ? undefined : number;
  }

  /** The number of a UID, which is the next one if it has none yet. */
  add(uid: string): number {
    hashInto(this.#hash, uid);
    const known = this.#slots[this.#slot()]!;
    if (known !== 0) return known;
    if ((this.#count + 1) * 2 > this.#slots.length) {
      this.#grow();
      hashInto(this.#hash, uid);
    }
    this.#count += 1;
    for (let i = 0; i < WORDS; i++) this.#words[i]!.set(this.#count, this.#hash[i]!);
    this.#slots[this.#slot()] = this.#count;
    return this.#count;
  }

  #grow(): void {
    this.#slots = new Uint32Array(this.#slots.length * 2);
    for (let number = 1; number <= this.#count; number++) {
      for (let i = 0; i < WORDS; i++) this.#hash[i] = this.#words[i]!.get(number);
      this.#slots[this.#slot()] = number;
    }
  }
}
