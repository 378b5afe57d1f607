/**
 * From tissue and air to the grey values of a film: exposure, scatter, blur, grain, and the reader's choice of window.
 *
 * Knows: two maps, and how an X-ray film shows them. Not what they represent.
 */

import type { Random } from "../../../random.ts";
import { smoothstep } from "./geometry.ts";

/** How much air reduces the tissue along the same ray. */
const AIR = 0.46;

/** Blur in place along one direction with weights (1, 2, 1) / 4. `step` is 1 for rows, `size` for columns. */
function blurLines(map: Float32Array, size: number, step: number): void {
  const other = step === 1 ? size : 1;
  for (let line = 0; line < size; line++) {
    let i = line * other;
    let before = map[i]!;
    for (let k = 0; k < size - 1; k++, i += step) {
      const here = map[i]!;
      map[i] = 0.25 * (before + 2 * here + map[i + step]!);
      before = here;
    }
  }
}

/** The map at a coarse resolution, blurred, because scattered rays show no detail. [cells, cells]. */
function coarse(map: Float32Array, size: number, cells: number): Float32Array {
  const sums = new Float32Array(cells * cells);
  const counts = new Float32Array(cells * cells);
  for (let row = 0; row < size; row++) {
    const v = Math.floor((row * cells) / size) * cells;
    for (let column = 0; column < size; column++) {
      const j = v + Math.floor((column * cells) / size);
      sums[j]! += map[row * size + column]!;
      counts[j]! += 1;
    }
  }
  const means = sums.map((sum, j) => sum / Math.max(1, counts[j]!));
  for (let round = 0; round < 3; round++) {
    blurLines(means, cells, 1);
    blurLines(means, cells, cells);
  }
  return means;
}

/** Where each pixel along a side lies in the coarse map: the cell before it, and the weight of the next cell. */
function placesOf(size: number, cells: number): { readonly cell: Int32Array; readonly share: Float32Array } {
  const place = (i: number) => Math.min(cells - 1.001, Math.max(0, ((i + 0.5) * cells) / size - 0.5));
  const cell = Int32Array.from({ length: size }, (_, i) => Math.floor(place(i)));
  return { cell, share: Float32Array.from(cell, (k, i) => place(i) - k) };
}

/** How one film was taken and shown. */
export interface Exposure {
  /** The amounts of tissue that are shown as black and as white. */
  readonly black: number;
  readonly white: number;
  readonly gamma: number;
  /** Fraction of scattered rays, 0 to 1. */
  readonly scatter: number;
  /** Standard deviation of the grain, in grey values. */
  readonly grain: number;
  /** How often neighbouring pixels are blurred, at 512 pixels per side. */
  readonly blur: number;
  /** Width of the black border at the left and at the top, as fractions of the side. */
  readonly border: readonly [number, number];
}

/** Draw the exposure of a film at random. Films taken in bed are softer and noisier. */
export function exposureOf(random: Random, isAp: boolean): Exposure {
  const hasBorder = random.chance(0.25);
  return {
    black: random.uniform(-0.04, 0.05),
    white: random.uniform(0.98, 1.14),
    gamma: random.uniform(0.8, 1.2),
    scatter: isAp ? random.uniform(0.18, 0.34) : random.uniform(0.08, 0.2),
    grain: isAp ? random.uniform(3, 6.5) : random.uniform(1.5, 4),
    blur: isAp ? 2 : 1,
    border: hasBorder ? [random.uniform(0, 0.03), random.uniform(0, 0.02)] : [0, 0],
  };
}

/** Approximately normal numbers, as sums of four uniform bytes: good enough for grain, and fast. */
function grainOf(random: Random): () => number {
  let state = random.int(2 ** 32) | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    const sum = (state & 255) + ((state >>> 8) & 255) + ((state >>> 16) & 255) + (state >>> 24);
    return (sum - 510) / 147.8;
  };
}

/**
 * Expose the film.
 *
 * @param tissue  [size, size]. Modified: it is used as working memory.
 * @param air     [size, size]. Not modified.
 * @returns       Grey values, [size, size], bright where little radiation passed through.
 */
export function expose(
  tissue: Float32Array,
  air: Float32Array,
  size: number,
  exposure: Exposure,
  random: Random,
): Uint8Array<ArrayBuffer> {
  for (let i = 0; i < tissue.length; i++) tissue[i] = Math.max(0, tissue[i]! - AIR * air[i]!);
  const cells = 32;
  const means = coarse(tissue, size, cells);
  const rounds = Math.max(1, Math.round(exposure.blur * (size / 512) ** 2));
  for (let round = 0; round < rounds; round++) {
    blurLines(tissue, size, 1);
    blurLines(tissue, size, size);
  }
  const { black, white, gamma, scatter, grain } = exposure;
  // Tones come from a table, since a power for each pixel would take longer than everything else here.
  const tones = Float32Array.from({ length: 1025 }, (_, k) => 255 * curve(k / 1024) ** gamma);
  const noise = grainOf(random);
  // This array rounds and clamps the values that are written.
  const pixels = new Uint8ClampedArray(size * size);
  const left = exposure.border[0] * size;
  const top = exposure.border[1] * size;
  const { cell, share: shares } = placesOf(size, cells);
  const scattered = new Float32Array(cells);
  for (let row = 0, i = 0; row < size; row++) {
    const above = cell[row]! * cells;
    for (let k = 0; k < cells; k++) {
      scattered[k] = means[above + k]! + shares[row]! * (means[above + cells + k]! - means[above + k]!);
    }
    for (let column = 0; column < size; column++, i++) {
      const k = cell[column]!;
      const haze = scattered[k]! + shares[column]! * (scattered[k + 1]! - scattered[k]!);
      const mixed = tissue[i]! + scatter * (haze - tissue[i]!);
      const share = Math.min(1, Math.max(0, (mixed - black) / (white - black)));
      // Behind dense tissue, fewer quanta reach the film, so there is more grain.
      const value = tones[(share * 1024) | 0]! + grain * (0.6 + 0.4 * share) * noise();
      pixels[i] = row < top || column < left ? 0 : value;
    }
  }
  return new Uint8Array(pixels.buffer);
}

/** The film's characteristic curve, which is flatter at both ends. */
const curve = (share: number): number => 0.55 * share + 0.45 * smoothstep(0, 1, share);
