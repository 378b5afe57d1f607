/**
 * Stored samples as numbers: which bits of a sample count, whether they are signed, and how often each value occurs.
 *
 * Knows:      samples. Not what they look like.
 * Reference:  DICOM PS3.5 8.1.1: a value lies in the `bitsStored` bits below `highBit`; older files keep overlays in the
 *             others, which are masked here.
 */

/** Samples of one frame, as stored. */
export interface StoredSamples {
  /** H·W·samples, as unsigned numbers of 8 or 16 bits. */
  readonly samples: Uint8Array | Uint16Array;
  /** 1 to 16. */
  readonly bitsStored: number;
  readonly highBit: number;
  readonly isSigned: boolean;
  /** Bits that the header says are stored, if the samples may have more. */
  readonly saidBits?: number;
}

/** How to get from a sample to its code: the stored bits as an unsigned number, from 0 to `mask`. */
export interface Codes {
  readonly shift: number;
  readonly mask: number;
}

export const codesOf = ({ bitsStored, highBit }: StoredSamples): Codes => ({
  shift: highBit + 1 - bitsStored,
  mask: 2 ** bitsStored - 1,
});

/** The value that a code stands for. */
export function storedValue(code: number, { bitsStored, isSigned }: StoredSamples): number {
  return isSigned && code >= 2 ** (bitsStored - 1) ? code - 2 ** bitsStored : code;
}

/** How often each code occurs; an array of `mask` + 1 counts. */
export function countCodes(stored: StoredSamples): Uint32Array {
  const { samples } = stored;
  const { shift, mask } = codesOf(stored);
  const counts = new Uint32Array(mask + 1);
  for (let i = 0; i < samples.length; i++) counts[(samples[i]! >> shift) & mask]! += 1;
  return counts;
}

/**
 * Replace each sample by what a table has for its code.
 *
 * @param table  `mask` + 1 entries.
 * @returns      New Uint8Array of as many elements as there are samples.
 */
export function mapCodes(stored: StoredSamples, table: Uint8Array): Uint8Array {
  const { samples } = stored;
  const { shift, mask } = codesOf(stored);
  const out = new Uint8Array(samples.length);
  for (let i = 0; i < out.length; i++) out[i] = table[(samples[i]! >> shift) & mask]!;
  return out;
}
