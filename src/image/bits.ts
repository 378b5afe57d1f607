/**
 * Conversion of samples to 8 bits, with a note where a 16-bit file does not use its whole range.
 *
 * Detectors have 10, 12 or 14 bits, and many programs write them unscaled into the low bits of a 16-bit PNG or TIFF.
 * Divided by 257, 12 bits become 0 to 16, which is black. No file says so. If only burned-in markers lie in the upper
 * three quarters of a picture's range, a note says that it is probably such a file. What is computed changes only if a
 * person or a model card gives the number of bits.
 *
 * Knows: samples. Not files.
 */

import { toEightBits } from "./colour.ts";

/** A note is given where the samples use no more bits than this: they lie in the lowest quarter of the range. */
const FEW_BITS = 14;

/** From this value on, a sample is white; it may belong to a marker or to text that was burned in. */
const WHITE = 0xff00;

/** The share of samples, black and white excepted, that may lie above the used range: soft edges of burned-in marks. */
const MAX_ABOVE = 0.01;

/** If a larger share of those lies just above the used range, within a quarter of it, they belong to the picture. */
const MAX_NEAR = 0.25;

/** Samples of a decoded image, and how many of their 16 bits are used according to the file. */
interface DecodedSamples {
  readonly data: Uint8Array | Uint16Array;
  readonly bits?: number;
}

/** Samples of 8 bits, and how they were made. */
export interface SampleBits {
  readonly samples: Uint8Array;
  /** The number of bits that were taken to be used. Also 16 for an image of 8 bits. */
  readonly bits: number;
  /** How many low bits the samples use, if they use few of 16 and nobody said so. */
  readonly lowBits?: number;
  /** Steps for the receipt. */
  readonly steps: readonly string[];
  readonly notes: readonly string[];
}

/** The detector's probable depth, given the bits that are used: 8, or an even number of at least 10. */
const likelyDepth = (used: number): number => (used <= 8 ? 8 : Math.max(10, used + (used % 2)));

function clampedNote(data: Uint16Array, bits: number): string[] {
  const largest = 2 ** bits - 1;
  const over = data.reduce((sum, value) => sum + (value > largest ? 1 : 0), 0);
  if (over === 0) return [];
  const share = (100 * over) / data.length;
  const part = share < 0.1 ? "under 0.1 %" : `${share.toFixed(1)} %`;
  return [
    `${part} of the samples lie over ${largest}, the most that ${bits} bits hold, and are read as white`,
  ];
}

/**
 * How many low bits the picture uses, leaving aside black, white and the soft edges of burned-in marks.
 *
 * Soft edges are spread from the picture's greys up to white. In a picture that is merely dark, the few bright samples
 * are close to the others.
 *
 * @returns  0 to 16; 0 for a picture that is only black and white.
 */
function usedBits(data: Uint16Array): number {
  const below = new Uint32Array(65_537);
  for (const value of data) below[value + 1]! += 1;
  below[1] = 0;
  below.fill(0, WHITE + 1);
  for (let i = 1; i < below.length; i++) below[i]! += below[i - 1]!;
  const all = below[65_536]!;
  if (all === 0) return 0;
  let used = 16;
  for (let bits = 15; bits > 0; bits--) {
    const limit = 2 ** bits;
    const above = all - below[limit]!;
    if (above > MAX_ABOVE * all) break;
    const near = below[Math.floor(limit * 1.25)]! - below[limit]!;
    if (near <= MAX_NEAR * above) used = bits;
  }
  return used;
}

/** Convert 16-bit samples for which nobody has said how many bits are used. */
function allBits(data: Uint16Array): SampleBits {
  const used = usedBits(data);
  const samples = toEightBits(data);
  if (used === 0 || used > FEW_BITS) return { samples, bits: 16, steps: ["16 to 8 bits"], notes: [] };
  const depth = likelyDepth(used);
  return {
    samples,
    bits: 16,
    lowBits: used,
    steps: [`16 to 8 bits (only the low ${used} are used)`],
    notes: [
      `the 16-bit samples use only the low ${used} bits, so the model sees a dark picture; if the detector has ${depth} bits, set the option bits to ${depth}`,
    ],
  };
}

/**
 * Convert an image's samples to 8 bits.
 *
 * @param said  How many of 16 bits are used, according to a card or a person. Default: what the file says, else all.
 */
export function readBits(image: DecodedSamples, said: number | undefined): SampleBits {
  const { data } = image;
  if (!(data instanceof Uint16Array)) return { samples: data, bits: 16, steps: [], notes: [] };
  const bits = said ?? image.bits;
  if (bits === undefined) return allBits(data);
  return {
    samples: toEightBits(data, bits),
    bits,
    steps: [`${bits} to 8 bits`],
    notes: clampedNote(data, bits),
  };
}
