/** A TIFF assembler for one page. Reference: Adobe, TIFF Revision 6.0. */

import { concat, latin1, u16, u32 } from "./bytes.ts";

/** A tag with 16-bit (SHORT) or 32-bit (LONG) values. */
export interface TiffTag {
  readonly tag: number;
  readonly type: "short" | "long";
  readonly values: readonly number[];
  /** The count that the directory claims, where it is not the truth. */
  readonly count?: number;
}

export const TAG = {
  width: 256,
  height: 257,
  bits: 258,
  compression: 259,
  photometric: 262,
  stripOffsets: 273,
  samples: 277,
  rowsPerStrip: 278,
  stripBytes: 279,
  planar: 284,
  tileWidth: 322,
  tileHeight: 323,
  tileOffsets: 324,
  tileBytes: 325,
  sampleFormat: 339,
} as const;

const WIDTH = { short: 2, long: 4 };
const TYPE = { short: 3, long: 4 };

/**
 * A little-endian TIFF: header, body, long values, directory.
 *
 * @param body  Lies at byte 8.
 * @param next  Offset of the next directory; `self` makes the chain endless.
 */
export function tiff(tags: readonly TiffTag[], body: Uint8Array, next: number | "self" = 0): Uint8Array {
  const valuesAt = 8 + body.length + (body.length % 2);
  const values: Uint8Array[] = [];
  const rows: Uint8Array[] = [];
  let at = valuesAt;
  for (const { tag, type, values: list, count } of tags.toSorted((a, b) => a.tag - b.tag)) {
    const bytes = concat(...list.map(type === "short" ? u16 : u32));
    const fits = list.length * WIDTH[type] <= 4;
    const inline = concat(bytes, new Uint8Array(4)).subarray(0, 4);
    rows.push(concat(u16(tag), u16(TYPE[type]), u32(count ?? list.length), fits ? inline : u32(at)));
    if (fits) continue;
    values.push(bytes, new Uint8Array(bytes.length % 2));
    at += bytes.length + (bytes.length % 2);
  }
  const directory = concat(u16(tags.length), ...rows, u32(next === "self" ? at : next));
  const padding = new Uint8Array(body.length % 2);
  return concat(latin1("II*\0"), u32(at), body, padding, ...values, directory);
}

/** The tags of a plain grey image in one strip. */
export function greyTags(width: number, height: number, stripBytes: number): TiffTag[] {
  return [
    { tag: TAG.width, type: "long", values: [width] },
    { tag: TAG.height, type: "long", values: [height] },
    { tag: TAG.bits, type: "short", values: [8] },
    { tag: TAG.compression, type: "short", values: [1] },
    { tag: TAG.photometric, type: "short", values: [1] },
    { tag: TAG.stripOffsets, type: "long", values: [8] },
    { tag: TAG.samples, type: "short", values: [1] },
    { tag: TAG.rowsPerStrip, type: "long", values: [height] },
    { tag: TAG.stripBytes, type: "long", values: [stripBytes] },
  ];
}

/** Tags with some of them replaced or added. */
export function withTags(tags: readonly TiffTag[], ...changes: readonly TiffTag[]): TiffTag[] {
  const changed = new Set(changes.map(({ tag }) => tag));
  return [...tags.filter(({ tag }) => !changed.has(tag)), ...changes];
}
