/**
 * The numbers in an attribute's value.
 *
 * Knows:      binary and decimal forms. Not which attribute it is.
 * Reference:  DICOM PS3.5, 6.2.
 */

type ReadOne = (view: DataView, at: number, isLittleEndian: boolean) => number;

interface BinaryForm {
  readonly size: number;
  readonly read: ReadOne;
}

const unsigned16: BinaryForm = { size: 2, read: (view, at, little) => view.getUint16(at, little) };
const unsigned32: BinaryForm = { size: 4, read: (view, at, little) => view.getUint32(at, little) };
const unsigned64: BinaryForm = { size: 8, read: (view, at, little) => Number(view.getBigUint64(at, little)) };
const float32: BinaryForm = { size: 4, read: (view, at, little) => view.getFloat32(at, little) };
const float64: BinaryForm = { size: 8, read: (view, at, little) => view.getFloat64(at, little) };

const BINARY: ReadonlyMap<string, BinaryForm> = new Map([
  ["US", unsigned16],
  ["OW", unsigned16],
  ["SS", { size: 2, read: (view, at, little) => view.getInt16(at, little) }],
  ["UL", unsigned32],
  ["OL", unsigned32],
  ["SL", { size: 4, read: (view, at, little) => view.getInt32(at, little) }],
  ["UV", unsigned64],
  ["OV", unsigned64],
  ["SV", { size: 8, read: (view, at, little) => Number(view.getBigInt64(at, little)) }],
  ["FL", float32],
  ["OF", float32],
  ["FD", float64],
  ["OD", float64],
  ["OB", { size: 1, read: (view, at) => view.getUint8(at) }],
]);

/** A lookup table has 65,536 entries at most, and an offset table one for each frame. */
const MOST_NUMBERS = 1024 * 1024;

/**
 * The numbers of a binary value.
 *
 * @param vr    The value representation.
 * @param most  How many are read. The rest is ignored.
 * @returns     All whole numbers in the bytes, or undefined if the representation is not a binary one.
 */
export function binaryNumbers(
  bytes: Uint8Array,
  vr: string,
  isLittleEndian: boolean,
  most = MOST_NUMBERS,
): readonly number[] | undefined {
  const form = BINARY.get(vr);
  if (form === undefined) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = Math.min(most, Math.floor(bytes.length / form.size));
  return Array.from({ length }, (_, i) => form.read(view, i * form.size, isLittleEndian));
}

const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/** The number that a decimal string (DS, IS) spells, or undefined if it spells none. */
export function decimalNumber(text: string): number | undefined {
  const trimmed = text.trim();
  return DECIMAL.test(trimmed) ? Number(trimmed) : undefined;
}
