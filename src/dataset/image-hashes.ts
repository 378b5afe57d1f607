/**
 * Which images a model has seen, in little space: a hash of each name, so that a model file can hold them.
 *
 * With 40 bits and a hundred thousand names, two names share a hash in 1 of 200 data sets, and a name that is not among
 * them is mistaken for one of them once in ten million times.
 *
 * Knows:      names. They are not secret: anyone who has a name can tell whether it is among them.
 * Reference:  FNV-1a (Fowler, Noll, Vo), in two streams, and MurmurHash3's finaliser, which mixes them.
 */

import { XrayError } from "../errors.ts";

/** Bytes per hash. */
const BYTES = 5;

function finish(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

/** Initial values of the two streams. */
const START_A = 0x811c9dc5;
const START_B = 0x9e3779b9;

/** Continue the first stream with more of a name. */
function streamA(text: string, a: number): number {
  for (let i = 0; i < text.length; i++) a = Math.imul(a ^ text.charCodeAt(i), 0x01000193);
  return a;
}

/**
 * Continue the second stream. It has another factor, since streams that differ only in their start collide together.
 */
function streamB(text: string, b: number): number {
  for (let i = 0; i < text.length; i++) {
    b = Math.imul(b ^ text.charCodeAt(i), 0x5bd1e995);
    b = (b << 13) | (b >>> 19);
  }
  return b;
}

/** The 40-bit hash, as a whole number, of two streams. */
const joined = (a: number, b: number): number => finish(a) * 256 + (finish(b ^ a) >>> 24);

/** The 40-bit hash of a name. */
const hashOf = (name: string): number => joined(streamA(name, START_A), streamB(name, START_B));

/** Number of bits in a bitmap that rules out most names that are not in the set with a single look. */
const LOOKED_AT = 2 ** 21;

/** Pack names as base64: their hashes, ascending, five bytes each. The order of the names does not matter. */
export function packNames(names: Iterable<string>): string {
  const hashes = Float64Array.from(new Set(Array.from(names, hashOf))).sort();
  let bytes = "";
  for (const hash of hashes) {
    for (let shift = BYTES - 1; shift >= 0; shift--)
      bytes += String.fromCharCode(Math.floor(hash / 256 ** shift) % 256);
  }
  return btoa(bytes);
}

/** A set of names that were packed by `packNames`. */
export class PackedNames {
  readonly #hashes = new Set<number>();
  /** A bitmap of the last bits of the first streams of all hashes. */
  readonly #looked = new Uint8Array(LOOKED_AT / 8);

  /** @throws  XrayError `card/invalid` if the text was not made by `packNames`. */
  constructor(packed: string) {
    let bytes: string;
    try {
      bytes = atob(packed);
    } catch {
      throw new XrayError("card/invalid", "its model card is not valid: packed names are not base64", {});
    }
    if (bytes.length % BYTES !== 0)
      throw new XrayError("card/invalid", "its model card is not valid: packed names are cut off", {});
    for (let at = 0; at < bytes.length; at += BYTES) {
      let hash = 0;
      for (let i = 0; i < BYTES; i++) hash = hash * 256 + bytes.charCodeAt(at + i);
      this.#hashes.add(hash);
      const bit = Math.floor(hash / 256) % LOOKED_AT;
      this.#looked[bit >> 3]! |= 1 << (bit & 7);
    }
  }

  get size(): number {
    return this.#hashes.size;
  }

  has(name: string): boolean {
    return this.#hashes.has(hashOf(name));
  }

  /**
   * The hash of a name in the set.
   *
   * @param stem     The beginning of the name.
   * @param endings  What may follow it. The first one that gives a name in the set counts.
   * @returns        Undefined if no such name is in the set.
   */
  find(stem: string, endings: readonly string[]): number | undefined {
    const begunA = streamA(stem, START_A);
    let begunB: number | undefined;
    for (const ending of endings) {
      const a = streamA(ending, begunA);
      const bit = finish(a) % LOOKED_AT;
      if ((this.#looked[bit >> 3]! & (1 << (bit & 7))) === 0) continue;
      begunB ??= streamB(stem, START_B);
      const hash = joined(a, streamB(ending, begunB));
      if (this.#hashes.has(hash)) return hash;
    }
    return undefined;
  }
}
