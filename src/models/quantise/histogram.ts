/**
 * Histograms of numbers whose range is not known beforehand.
 *
 * Knows: numbers.
 *
 * The bins lie symmetrically about 0 and are as wide as a power of 2. When a number does not fit, neighbours are merged and
 * all bins become twice as wide, so the result does not depend on the order of the numbers.
 */

/** Bins on each side of 0. A range of 256 codes is at least four bins per code. */
const HALF = 2048;

/** The counts of some numbers by their size, with the exact extremes. */
export class Histogram {
  /** 2 · HALF counts; the numbers of bin i lie from (i − HALF) · width to (i + 1 − HALF) · width. */
  counts = new Float64Array(2 * HALF);
  /** Width of a bin; 0 until a number other than 0 has come. */
  width = 0;
  /** Zeros, which every code that is chosen represents exactly. They are in no bin. */
  zeros = 0;
  /** Sum of all numbers. */
  sum = 0;
  min = Number.POSITIVE_INFINITY;
  max = Number.NEGATIVE_INFINITY;

  /** How many numbers there are. */
  get size(): number {
    return this.counts.reduce((sum, count) => sum + count, this.zeros);
  }

  /** Add `data` from `start` to `end`. Every number must be finite. */
  add(data: Float32Array, start: number, end: number): void {
    let [min, max, sum, zeros] = [this.min, this.max, 0, 0];
    for (let i = start; i < end; i++) {
      const value = data[i]!;
      if (value < min) min = value;
      if (value > max) max = value;
    }
    this.min = min;
    this.max = max;
    this.#reach(Math.max(-min, max));
    const { counts } = this;
    const scale = this.width === 0 ? 0 : 1 / this.width;
    for (let i = start; i < end; i++) {
      const value = data[i]!;
      if (value === 0) {
        zeros++;
        continue;
      }
      sum += value;
      counts[Math.floor(value * scale) + HALF]!++;
    }
    this.zeros += zeros;
    this.sum += sum;
  }

  /** Widen the bins until they hold a number of this size. */
  #reach(size: number): void {
    if (!(size > 0)) return;
    if (this.width === 0) this.width = 2 ** (Math.floor(Math.log2(size)) - Math.log2(HALF));
    while (size >= HALF * this.width) {
      const merged = new Float64Array(2 * HALF);
      for (let i = 0; i < 2 * HALF; i++) merged[(i + HALF) >> 1]! += this.counts[i]!;
      this.counts = merged;
      this.width *= 2;
    }
  }

  /** The number in the middle of a bin. */
  middle(bin: number): number {
    return (bin + 0.5 - HALF) * this.width;
  }
}
