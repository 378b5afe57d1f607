/**
 * The beginning of a DICOM file: what a network says beside a data set, and a file says before it.
 *
 * Knows:      the preamble and the file meta information. Not data sets.
 * Reference:  DICOM PS3.10, 7.1.
 */

import { XrayError } from "../../errors.ts";

/** What a file says before its data set. */
export interface FileMeta {
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
  readonly transferSyntaxUid: string;
}

/** The library whose network code wrote the file, as the library names itself. */
const IMPLEMENTATION = { classUid: "1.2.826.0.1.3680043.10.854", version: "MEDICAL-X" } as const;

const PREAMBLE_BYTES = 128;
const MAGIC = "DICM";
/** Where the value of FileMetaInformationGroupLength lies, which is the first element. */
const GROUP_LENGTH_AT = PREAMBLE_BYTES + MAGIC.length + 8;

/** An element of group 2 in explicit VR little endian. */
function element(number: number, vr: string, value: Buffer): Buffer {
  const isLong = vr === "OB";
  const head = Buffer.alloc(isLong ? 12 : 8);
  head.writeUInt16LE(2, 0);
  head.writeUInt16LE(number, 2);
  head.write(vr, 4, "latin1");
  if (isLong) head.writeUInt32LE(value.length, 8);
  else head.writeUInt16LE(value.length, 6);
  return Buffer.concat([head, value]);
}

/** Text with an even length. */
const padded = (text: string, pad: string): Buffer =>
  Buffer.from(text.length % 2 === 0 ? text : text + pad, "latin1");

const uid = (number: number, value: string): Buffer => element(number, "UI", padded(value, "\0"));

/**
 * What stands before a data set in a file.
 *
 * @param sourceAet  The AE title that sent it.
 */
export function fileHead(meta: FileMeta, sourceAet: string): Buffer {
  const elements = Buffer.concat([
    element(0x01, "OB", Buffer.from([0, 1])),
    uid(0x02, meta.sopClassUid),
    uid(0x03, meta.sopInstanceUid),
    uid(0x10, meta.transferSyntaxUid),
    uid(0x12, IMPLEMENTATION.classUid),
    element(0x13, "SH", padded(IMPLEMENTATION.version, " ")),
    element(0x16, "AE", padded(sourceAet, " ")),
  ]);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(elements.length);
  return Buffer.concat([
    Buffer.alloc(PREAMBLE_BYTES),
    Buffer.from(MAGIC),
    element(0, "UL", length),
    elements,
  ]);
}

/** Length in bytes of what stands before the data set of a file that begins with the group length, as ours do. */
function headLength(file: Buffer): number {
  const isFile =
    file.length >= GROUP_LENGTH_AT + 4 &&
    file.toString("latin1", PREAMBLE_BYTES, PREAMBLE_BYTES + MAGIC.length) === MAGIC &&
    file.readUInt32LE(PREAMBLE_BYTES + MAGIC.length) === 0x0000_0002;
  return isFile ? GROUP_LENGTH_AT + 4 + file.readUInt32LE(GROUP_LENGTH_AT) : Number.POSITIVE_INFINITY;
}

/**
 * The encoded data set of a file.
 *
 * @returns  A view of `file`.
 * @throws   XrayError `internal/unexpected` if `file` does not begin as `fileHead` and our own objects do.
 */
export function dataSetOf(file: Uint8Array): Buffer {
  const buffer = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  const at = headLength(buffer);
  if (at < buffer.length) return buffer.subarray(at);
  throw new XrayError("internal/unexpected", "an object to be sent is no DICOM file", {});
}
