/**
 * Objects of our own in implicit VR little endian, the one encoding that every archive must take.
 *
 * Knows:      explicit VR little endian with native pixels, which is what our objects have. Not what attributes mean.
 * Reference:  DICOM PS3.5, 7.1.3, 7.5 and annex A.1.
 */

import {
  type DataSource,
  dataSource,
  elementAt,
  TAG,
  UNDEFINED_LENGTH,
} from "../../formats/dicom/element.ts";

const tagBytes = (tag: number, length: number): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt16LE(tag >>> 16, 0);
  bytes.writeUInt16LE(tag & 0xffff, 2);
  bytes.writeUInt32LE(length, 4);
  return bytes;
};

const isGroupLength = (tag: number): boolean => (tag & 0xffff) === 0;

/** Where the conversion is. */
interface Walk {
  readonly source: DataSource;
  at: number;
  readonly pieces: Uint8Array[];
}

/** Convert attributes up to `end`, or to the delimiter of an item. */
function convertElements(walk: Walk, end: number): void {
  const { source, pieces } = walk;
  while (walk.at < end) {
    const element = elementAt(source, walk.at, true);
    if (element === undefined) break;
    walk.at = element.at;
    if (element.tag === TAG.itemEnd) return;
    if (element.vr === "SQ") {
      pieces.push(tagBytes(element.tag, UNDEFINED_LENGTH));
      convertItems(walk, element.length === UNDEFINED_LENGTH ? end : element.at + element.length);
      pieces.push(tagBytes(TAG.sequenceEnd, 0));
      continue;
    }
    walk.at += element.length;
    // Group lengths would no longer be right, and are not needed.
    if (isGroupLength(element.tag)) continue;
    pieces.push(tagBytes(element.tag, element.length), source.bytes.subarray(element.at, walk.at));
  }
}

function convertItems(walk: Walk, end: number): void {
  const { source, pieces } = walk;
  while (walk.at < end) {
    const item = elementAt(source, walk.at, false);
    if (item === undefined) break;
    walk.at = item.at;
    if (item.tag === TAG.sequenceEnd) return;
    pieces.push(tagBytes(TAG.item, UNDEFINED_LENGTH));
    convertElements(walk, item.length === UNDEFINED_LENGTH ? end : item.at + item.length);
    pieces.push(tagBytes(TAG.itemEnd, 0));
  }
}

/**
 * Convert an encoded data set from explicit to implicit VR little endian. Sequences get undefined lengths; group lengths are
 * left out.
 *
 * @param bytes  Without what stands before a data set in a file. Not modified.
 */
export function toImplicit(bytes: Uint8Array): Buffer {
  const walk: Walk = { source: dataSource(bytes, true), at: 0, pieces: [] };
  convertElements(walk, bytes.length);
  return Buffer.concat(walk.pieces);
}
