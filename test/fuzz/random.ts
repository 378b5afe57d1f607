/** A small random number generator, the same on every machine. Reference: Tommy Ettinger's mulberry32. */

/** 32 bits from a text and two numbers, so that any iteration can be run again alone (FNV-1a). */
export function mix(text: string, seed: number, iteration: number): number {
  let hash = 0x811c9dc5;
  for (const character of `${text} ${seed} ${iteration}`) {
    hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193);
  }
  return hash >>> 0;
}

export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** 0 … 2³² − 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (t ^ (t >>> 14)) >>> 0;
  }

  /** 0 … below − 1; 0 where nothing is below. */
  below(below: number): number {
    return below <= 0 ? 0 : Math.floor((this.next() / 2 ** 32) * below);
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!;
  }

  /** Uint8Array pieces: where a cut of at most `longest` bytes lies. */
  span(length: number, longest: number): [begin: number, end: number] {
    const begin = this.below(length);
    return [begin, Math.min(length, begin + 1 + this.below(longest))];
  }
}
