/**
 * Which images a model has seen, in little room: a hash of each name, so that a model file can carry them.
 *
 * Of 40 bits, two of a hundred thousand names share one in 1 of 200 data sets, and a name that is not among them is taken
 * for one of them once in ten million times.
 *
 * Knows:      names. Not secret: who has a name can tell whether it is there.
 * Reference:  FNV-1a (Fowler, Noll, Vo), in two streams, and MurmurHash3's finaliser, which mixes them.
 */

import { XrayError } from "../errors.ts";

/** Bytes of a hash. */
const BYTES = 5;

function finish(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

/** A hash that takes a name piece by piece, so that many endings of one name cost little. */
class NameHash {
  #a: number;
  #b: number;

  constructor(a = 0x811c9dc5, b = 0x9e3779b9) {
    this.#a = a;
    this.#b = b;
  }

  /** What comes of this hash and more of the name. */
  with(text: string): NameHash {
    let [a, b] = [this.#a, this.#b];
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      a = Math.imul(a ^ code, 0x01000193);
      // Another factor: streams that differ in their start alone would collide together.
      b = Math.imul(b ^ code, 0x5bd1e995);
      b = (b << 13) | (b >>> 19);
    }
    return new NameHash(a, b);
  }

  /** 40 bits: a whole number. */
  value(): number {
    return finish(this.#a) * 256 + (finish(this.#b ^ this.#a) >>> 24);
  }
}

const START = new NameHash();

/** 40 bits of a name. */
const hashOf = (name: string): number => START.with(name).value();

/** Names as text: their hashes, rising, five bytes each, in base64. The order of names changes nothing. */
export function packNames(names: Iterable<string>): string {
  const hashes = Float64Array.from(new Set(Array.from(names, hashOf))).sort();
  let bytes = "";
  for (const hash of hashes) {
    for (let shift = BYTES - 1; shift >= 0; shift--)
      bytes += String.fromCharCode(Math.floor(hash / 256 ** shift) % 256);
  }
  return btoa(bytes);
}

/** Names that were packed. */
export class PackedNames {
  readonly #hashes = new Set<number>();

  /** @throws  XrayError `card/invalid` where the text was not made by `packNames`. */
  constructor(packed: string) {
    let bytes: string;
    try {
      bytes = atob(packed);
    } catch {
      throw new XrayError("card/invalid", "its model card is not valid: packed names are no base64", {});
    }
    if (bytes.length % BYTES !== 0)
      throw new XrayError("card/invalid", "its model card is not valid: packed names are cut off", {});
    for (let at = 0; at < bytes.length; at += BYTES) {
      let hash = 0;
      for (let i = 0; i < BYTES; i++) hash = hash * 256 + bytes.charCodeAt(at + i);
      this.#hashes.add(hash);
    }
  }

  get size(): number {
    return this.#hashes.size;
  }

  has(name: string): boolean {
    return this.#hashes.has(hashOf(name));
  }

  /**
   * The hash of a remembered name.
   *
   * @param stem     How the name begins.
   * @param endings  How it may end; the first that is found counts.
   * @returns        Undefined where none is remembered.
   */
  find(stem: string, endings: readonly string[]): number | undefined {
    const begun = START.with(stem);
    for (const ending of endings) {
      const hash = begun.with(ending).value();
      if (this.#hashes.has(hash)) return hash;
    }
    return undefined;
  }
}
