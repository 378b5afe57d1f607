/**
 * Lookup tables as DICOM stores them: for the modality, for the values of interest (VOI), and for palettes.
 *
 * Knows:      numbers. Not files or attributes.
 * Reference:  DICOM PS3.3 C.11.1.1 (modality), C.11.2.1.1 (VOI), C.7.6.3.1.5 (palette).
 */

/** A table. Values below `first` get the first entry, values beyond the last one get the last entry. */
export interface LookupTable {
  /** The value that the first entry is for. */
  readonly first: number;
  /** Bits of an entry: entries run from 0 to 2^bits − 1. */
  readonly bits: number;
  /** At least one. */
  readonly entries: Uint16Array;
  /** How many entries the descriptor promises. A file may hold fewer. */
  readonly promised: number;
}

const MOST_BITS = 16;

/** 16-bit words of bytes that may lie at an odd offset. */
function wordsOf(bytes: Uint8Array, isLittleEndian: boolean): Uint16Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Uint16Array.from({ length: bytes.length >> 1 }, (_, i) => view.getUint16(2 * i, isLittleEndian));
}

/** Entries of 8 bits that are packed two to a word, in words of the file's byte order. */
const unpacked = (bytes: Uint8Array, isLittleEndian: boolean): Uint16Array =>
  Uint16Array.from(bytes, (_, i) => bytes[isLittleEndian ? i : i ^ 1] ?? 0);

/**
 * The entries of a table.
 *
 * @param data  In words of the file's byte order. Entries of 8 bits may be packed two to a word.
 * @param most  How many entries there can be.
 */
export function readEntries(
  data: Uint8Array,
  bits: number,
  most: number,
  isLittleEndian: boolean,
): Uint16Array {
  const isPacked = bits <= 8 && data.length <= most + (most % 2);
  return isPacked ? unpacked(data, isLittleEndian) : wordsOf(data, isLittleEndian);
}

const promisedBy = (count: number): number => ((count & 0xffff) === 0 ? 65_536 : count & 0xffff);

/**
 * Make a table.
 *
 * @param descriptor  Number of entries, where 0 means 65,536; first value mapped; bits of an entry.
 * @param isSigned    Whether the values that are looked up may be negative; the first value mapped then is signed.
 * @returns           Undefined for a descriptor or entries that make no table.
 */
export function makeLookupTable(
  descriptor: readonly number[],
  entries: Uint16Array,
  isSigned: boolean,
): LookupTable | undefined {
  const [count, start, bits] = descriptor;
  if (count === undefined || start === undefined || bits === undefined) return undefined;
  if (!(bits >= 1 && bits <= MOST_BITS) || entries.length === 0) return undefined;
  const word = start & 0xffff;
  return {
    first: isSigned && word > 0x7fff ? word - 0x1_0000 : word,
    bits,
    entries: entries.subarray(0, promisedBy(count)),
    promised: promisedBy(count),
  };
}

/** Read a table from its descriptor and the bytes of its entries; see `makeLookupTable` and `readEntries`. */
export function readLookupTable(
  descriptor: readonly number[],
  data: Uint8Array,
  isSigned: boolean,
  isLittleEndian = true,
): LookupTable | undefined {
  const [count, , bits] = descriptor;
  if (count === undefined || bits === undefined) return undefined;
  return makeLookupTable(descriptor, readEntries(data, bits, promisedBy(count), isLittleEndian), isSigned);
}

/** The entry for a value; fractions are rounded. */
export function lookUp({ first, entries }: LookupTable, value: number): number {
  const at = Math.round(value) - first;
  return entries[at < 0 ? 0 : at >= entries.length ? entries.length - 1 : at]!;
}

/** The largest value that an entry may have. */
export const largestEntry = ({ bits }: LookupTable): number => 2 ** bits - 1;

/** What to say of a table that is shorter than its descriptor; undefined for a whole one. */
export const shortTableNote = (name: string, { entries, promised }: LookupTable): string | undefined =>
  entries.length < promised
    ? `the ${name} has only ${entries.length} of its ${promised} entries; the last one stands for those that are missing`
    : undefined;
