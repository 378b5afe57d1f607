/**
 * Samples to 8 bits, and what is to be said where a file of 16 bits does not use them all.
 *
 * Detectors have 10, 12 or 14 bits, and many programs write them into the low bits of a 16-bit PNG or TIFF as they are: by
 * value/257, 12 bits come out as 0 to 16, which is black. No file says so; a picture that leaves the upper three quarters of
 * the range to burned-in markers is taken to be such a one, and said to be, but only a person or a card changes what is computed.
 *
 * Knows: samples. Not files.
 */

import { toEightBits } from "./colour.ts";

/** An image whose samples need no more bits than this is spoken of: they lie in the lowest quarter of the range. */
const FEW_BITS = 14;

/** From here on a sample is white, and perhaps a marker or text that was burned in. */
const WHITE = 0xff00;

/** The share of samples, other than black and white, that may lie above the bits that are used: soft edges of what is burned in. */
const MAX_ABOVE = 0.01;

/** If more of those lie just above, within a quarter of the used range, they belong to the picture, which fades out there. */
const MAX_NEAR = 0.25;

/** Samples of a decoded image, and how many bits of 16 its file says are used. */
interface DecodedSamples {
  readonly data: Uint8Array | Uint16Array;
  readonly bits?: number;
}

/** Samples of 8 bits, and how they came about. */
export interface SampleBits {
  readonly samples: Uint8Array;
  /** The bits that were taken to be used; 16 of an image of 8 bits too. */
  readonly bits: number;
  /** For the receipt. */
  readonly steps: readonly string[];
  readonly notes: readonly string[];
}

/** The depth that a picture of so many used bits probably has: detectors have even ones, from 10 on. */
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
 * How many low bits the picture uses, setting aside black, white and the soft edges of what was burned in.
 *
 * Edges are spread from the picture's greys up to white; a picture that is only dark has its few bright samples near the others.
 *
 * @returns  0 to 16; 0 of a picture that is all black and white.
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

/** 16-bit samples of which nobody has said how many bits are used. */
function allBits(data: Uint16Array): SampleBits {
  const used = usedBits(data);
  const samples = toEightBits(data);
  if (used === 0 || used > FEW_BITS) return { samples, bits: 16, steps: ["16 to 8 bits"], notes: [] };
  const depth = likelyDepth(used);
  return {
    samples,
    bits: 16,
    steps: [`16 to 8 bits (only the low ${used} are used)`],
    notes: [
      `the 16-bit samples use only the low ${used} bits, so the model sees a dark picture; if the detector has ${depth} bits, set the option bits to ${depth}`,
    ],
  };
}

/**
 * An image's samples as 8 bits.
 *
 * @param said  The bits that are used of 16, by a card or a person; else what the file says, else all of them.
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
