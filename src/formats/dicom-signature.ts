/**
 * Recognising a DICOM file by its first bytes, also without a preamble.
 *
 * Knows:      how the first attributes of a data set look. Not what follows; `formats/dicom/` reads it.
 * Reference:  DICOM PS3.10, 7.1 (preamble); PS3.5, 7.1 (attributes), 6.2 (value representations).
 */

import { startsWith } from "./bytes.ts";

const PREAMBLE = 128;

/** Whether the file has a preamble and the prefix `DICM`. */
export const hasDicomPrefix = (bytes: Uint8Array): boolean => startsWith(bytes, "DICM", PREAMBLE);

/** All value representations. Those of the second list have a length of 32 bits. */
const SHORT = /^(?:AE|AS|AT|CS|DA|DS|DT|FD|FL|IS|LO|LT|PN|SH|SL|SS|ST|TM|UI|UL|US)$/;
const LONG = /^(?:OB|OD|OF|OL|OV|OW|SQ|SV|UC|UN|UR|UT|UV)$/;

interface Form {
  readonly isLittleEndian: boolean;
  readonly isExplicit: boolean;
}

const FORMS: readonly Form[] = [
  { isLittleEndian: true, isExplicit: true },
  { isLittleEndian: true, isExplicit: false },
  { isLittleEndian: false, isExplicit: true },
];

/** The groups with which a data set without a preamble begins: file meta information, and identification. */
const FIRST_GROUPS = new Set([0x0002, 0x0008]);

/** Longer values do not stand among the first attributes. */
const MAX_LENGTH = 4096;

/** This many attributes in a row are taken for a data set, fewer only if the bytes end with them. */
const ENOUGH = 4;

/** An attribute's tag, and where the next one begins; undefined if the bytes do not look like an attribute. */
function attributeAt(view: DataView, at: number, { isLittleEndian, isExplicit }: Form) {
  if (at + 8 > view.byteLength) return undefined;
  const tag = view.getUint16(at, isLittleEndian) * 0x10000 + view.getUint16(at + 2, isLittleEndian);
  if (!isExplicit) return { tag, length: view.getUint32(at + 4, isLittleEndian), value: at + 8 };
  const vr = String.fromCharCode(view.getUint8(at + 4), view.getUint8(at + 5));
  if (SHORT.test(vr)) return { tag, length: view.getUint16(at + 6, isLittleEndian), value: at + 8 };
  const isLong = LONG.test(vr) && at + 12 <= view.byteLength && view.getUint16(at + 6) === 0;
  return isLong ? { tag, length: view.getUint32(at + 8, isLittleEndian), value: at + 12 } : undefined;
}

/** Whether attributes of this form follow one another from the first byte, with rising tags. */
function beginsInForm(view: DataView, form: Form): boolean {
  let [at, last, seen] = [0, -1, 0];
  while (seen < ENOUGH) {
    const found = attributeAt(view, at, form);
    // The head of a file may end within an attribute.
    if (found === undefined) return seen >= 2 && at + 12 > view.byteLength;
    const { tag, length, value } = found;
    if (tag <= last || length > MAX_LENGTH || length % 2 === 1) return false;
    if (seen === 0 && !FIRST_GROUPS.has(Math.floor(tag / 0x10000))) return false;
    if (tag % 0x10000 === 0 && length !== 4) return false;
    [at, last, seen] = [value + length, tag, seen + 1];
  }
  return true;
}

/**
 * Whether the bytes begin as a DICOM data set does that has no preamble, in any byte order.
 *
 * Strict, because the bytes could be those of anything: the first attributes must be of a group that stands first, in
 * rising order, with even and small lengths that lead from one to the next.
 */
export function beginsAsDataSet(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return FORMS.some((form) => beginsInForm(view, form));
}
