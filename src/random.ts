/**
 * Reproducible random numbers: one stream for each purpose, named by a seed and a path of keys.
 *
 * Because every image, epoch and patient has its own stream (`Random.of(seed, "phantom", patient)`), a draw never
 * depends on what was drawn elsewhere: work can be reordered, resumed or shared among threads.
 *
 * Knows:      numbers. Reproducible, not cryptographically secure.
 * Reference:  Blackman and Vigna, xoroshiro128+ (pure-rand); keys are hashed by FNV-1a and MurmurHash3's finaliser.
 */

import { xoroshiro128plusFromState } from "pure-rand/generator/xoroshiro128plus";
import type { RandomGenerator } from "pure-rand/types/RandomGenerator";

/** Four words of state from keys: hashes of all keys that differ in their starting value. */
function stateOf(keys: readonly (string | number)[]): number[] {
  const text = keys.map((key) => `${typeof key === "number" ? "#" : "$"}${key}`).join("\u0000");
  return [0x811c9dc5, 0x9e3779b9, 0x85ebca6b, 0xc2b2ae35].map((start) => {
    let hash = start;
    for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    return (hash ^ (hash >>> 16)) | 0;
  });
}

/** One stream of random numbers. */
export class Random {
  readonly #generator: RandomGenerator;

  private constructor(generator: RandomGenerator) {
    this.#generator = generator;
  }

  /** The stream for a seed and a path of keys. The same seed and keys give the same numbers on every machine. */
  static of(seed: number, ...path: readonly (string | number)[]): Random {
    return new Random(xoroshiro128plusFromState(stateOf([seed, ...path])));
  }

  /** Uniform in [0, 1), a multiple of 2⁻³². */
  next(): number {
    return (this.#generator.next() >>> 0) / 2 ** 32;
  }

  /** Uniform in [low, high). */
  uniform(low: number, high: number): number {
    return low + (high - low) * this.next();
  }

  /** A whole number from 0 to bound − 1. `bound` is at most 2³²; the bias is below bound / 2³². */
  int(bound: number): number {
    return Math.floor(this.next() * bound);
  }

  /** True with this probability. */
  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** Standard normal (Box and Muller, 1958; only one of the pair is used). */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.next()));
    return radius * Math.cos(2 * Math.PI * this.next());
  }

  /** One of the values, each equally likely. */
  pick<T>(values: readonly [T, ...T[]]): T {
    return values[this.int(values.length)]!;
  }

  /** The numbers 0 to n − 1 in random order (Fisher and Yates). */
  permutation(n: number): Uint32Array {
    const order = Uint32Array.from({ length: n }, (_, i) => i);
    for (let i = n - 1; i > 0; i--) {
      const j = this.int(i + 1);
      const swapped = order[i]!;
      order[i] = order[j]!;
      order[j] = swapped;
    }
    return order;
  }
}
