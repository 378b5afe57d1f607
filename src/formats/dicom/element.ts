/**
 * One attribute as it lies in the file: its tag, its value representation and where its value is.
 *
 * Knows:      the three forms of an attribute's beginning. Not what attributes mean.
 * Reference:  DICOM PS3.5, 7.1; pydicom 2.3 `data_element_generator`.
 */

import { damaged } from "./damaged.ts";

/** The length of a value that ends with a delimiter. */
export const UNDEFINED_LENGTH = 0xffffffff;

export const TAG = {
  item: 0xfffee000,
  itemEnd: 0xfffee00d,
  sequenceEnd: 0xfffee0dd,
  pixelData: 0x7fe00010,
} as const;

/** Bytes that hold attributes, with what has to be known to read them. */
export interface DataSource {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly isLittleEndian: boolean;
  /** How many more attributes may be kept, so that a hostile file cannot fill the memory. */
  readonly budget: { kept: number };
}

/** Real files have at most a few thousand attributes outside sequences; a large DICOMDIR has some 100,000 in all. */
const MAX_KEPT = 500_000;

export const dataSource = (bytes: Uint8Array, isLittleEndian: boolean): DataSource => ({
  bytes,
  view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength),
  isLittleEndian,
  budget: { kept: MAX_KEPT },
});

/** An attribute. */
export interface RawElement {
  readonly tag: number;
  /** As the file says; undefined where it does not. */
  readonly vr: string | undefined;
  /** Where the value begins. */
  readonly at: number;
  /** The value's length in bytes as the file says, which may reach beyond its end, or `UNDEFINED_LENGTH`. */
  readonly length: number;
}

/** Value representations whose length has 32 bits after two unused bytes. */
const LONG = new Set(["OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV"]);

const isCapital = (byte: number): boolean => byte >= 0x41 && byte <= 0x5a;

/** Whether two capital letters stand where a value representation would. */
export const hasVr = ({ bytes }: DataSource, at: number): boolean =>
  isCapital(bytes[at + 4] ?? 0) && isCapital(bytes[at + 5] ?? 0);

export const tagAt = ({ view, isLittleEndian }: DataSource, at: number): number =>
  view.getUint16(at, isLittleEndian) * 0x10000 + view.getUint16(at + 2, isLittleEndian);

/**
 * Read the beginning of an attribute.
 *
 * @param isExplicit  Whether value representations are given. Where none stands, the attribute is taken for an implicit
 *                    one, as pydicom does, since some writers mix both.
 * @returns           The attribute, or undefined if fewer bytes are left than its beginning takes.
 */
export function elementAt(source: DataSource, at: number, isExplicit: boolean): RawElement | undefined {
  const { bytes, view, isLittleEndian } = source;
  if (at + 8 > bytes.length) return undefined;
  const tag = tagAt(source, at);
  if (!isExplicit || !hasVr(source, at)) {
    return { tag, vr: undefined, at: at + 8, length: view.getUint32(at + 4, isLittleEndian) };
  }
  const vr = String.fromCharCode(bytes[at + 4]!, bytes[at + 5]!);
  if (!LONG.has(vr)) return { tag, vr, at: at + 8, length: view.getUint16(at + 6, isLittleEndian) };
  if (at + 12 > bytes.length) return undefined;
  return { tag, vr, at: at + 12, length: view.getUint32(at + 8, isLittleEndian) };
}

/** Count an attribute that is kept. Throws XrayError `dicom/damaged` if there are too many. */
export function keep({ budget }: DataSource): void {
  budget.kept -= 1;
  if (budget.kept < 0) throw damaged(`it has more than ${MAX_KEPT.toLocaleString("en-US")} attributes`);
}
