/**
 * A picture at half its size, a quarter, and so on: what is drawn of it when the canvas has fewer pixels.
 *
 * Knows: samples.
 */

import type { Codes } from "./grey.ts";

/** A picture at one size. */
export interface Level {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  readonly codes: Codes;
}

/** Half the size, rounded up: each sample is the mean of up to four. */
export function halved({ width, height, channels, codes }: Level): Level {
  const [across, down] = [Math.ceil(width / 2), Math.ceil(height / 2)];
  const Kind = codes.constructor as new (length: number) => Codes;
  const half = new Kind(across * down * channels);
  const stride = width * channels;
  for (let y = 0, to = 0; y < down; y++) {
    const top = 2 * y * stride;
    const bottom = Math.min(2 * y + 1, height - 1) * stride;
    for (let x = 0; x < across; x++) {
      const left = 2 * x * channels;
      const right = Math.min(2 * x + 1, width - 1) * channels;
      for (let c = 0; c < channels; c++) {
        const sum =
          codes[top + left + c]! +
          codes[top + right + c]! +
          codes[bottom + left + c]! +
          codes[bottom + right + c]!;
        // Rounded down after half is added, also below 0.
        half[to++] = (sum + 2) >> 2;
      }
    }
  }
  return { width: across, height: down, channels, codes: half };
}

/** The sizes of a picture, each made when it is first asked for. */
export class Levels {
  readonly #levels: Level[];

  constructor(full: Level) {
    this.#levels = [full];
  }

  /** The picture at 2^-n of its size. */
  at(n: number): Level {
    while (this.#levels.length <= n) this.#levels.push(halved(this.#levels.at(-1)!));
    return this.#levels[n]!;
  }
}

/**
 * Which level to draw: the smallest that still has a sample for each canvas pixel.
 *
 * @param scale    Canvas pixels per pixel of the picture.
 * @param isCoarse Whether half as many will do, while something is dragged.
 */
export function levelFor(scale: number, isCoarse = false): number {
  const most = Math.log2(isCoarse ? 1.6 / scale : 1 / scale);
  return Math.max(0, Math.floor(most + 1e-9));
}
