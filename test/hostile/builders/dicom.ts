/** DICOM files, attribute by attribute, so that tests can break them anywhere. Explicit little endian. */

import { concat, latin1, u16, u32 } from "./bytes.ts";

const LONG = new Set(["OB", "OD", "OF", "OL", "OV", "OW", "SQ", "UN", "UT"]);
export const UNDEFINED = 0xffffffff;

const tagBytes = (tag: number): Uint8Array => concat(u16(Math.floor(tag / 0x10000)), u16(tag % 0x10000));

/** An attribute; its length can be another than that of its value. */
export function element(tag: number, vr: string, value: Uint8Array, length = value.length): Uint8Array {
  const size = LONG.has(vr) ? concat(u16(0), u32(length)) : u16(length);
  return concat(tagBytes(tag), latin1(vr), size, value);
}

/** An attribute of text, padded to an even length. */
export const text = (tag: number, vr: string, value: string): Uint8Array =>
  element(tag, vr, latin1(value.length % 2 === 0 ? value : `${value}${vr === "UI" ? "\0" : " "}`));

export const short = (tag: number, value: number): Uint8Array => element(tag, "US", u16(value));

/** An item, or with another tag a delimiter. */
export const item = (value: Uint8Array, length = value.length, tag = 0xfffee000): Uint8Array =>
  concat(tagBytes(tag), u32(length), value);

const NOTHING = new Uint8Array(0);
export const ITEM_END = item(NOTHING, 0, 0xfffee00d);
export const SEQUENCE_END = item(NOTHING, 0, 0xfffee0dd);

export const PIXEL_DATA = 0x7fe00010;
export const EXPLICIT = "1.2.840.10008.1.2.1";
export const DEFLATED = "1.2.840.10008.1.2.1.99";
export const IMPLICIT = "1.2.840.10008.1.2";
export const JPEG = "1.2.840.10008.1.2.4.50";

/** A file with preamble and file meta information. */
export function dicomFile(syntax: string, ...dataSet: readonly Uint8Array[]): Uint8Array {
  const meta = text(0x00020010, "UI", syntax);
  const length = element(0x00020000, "UL", u32(meta.length));
  return concat(new Uint8Array(128), latin1("DICM"), length, meta, ...dataSet);
}

/** Attributes of the image pixel module, each of which can be replaced or, with `undefined`, left out. */
export interface PixelAttributes {
  readonly samples?: number | undefined;
  readonly photometric?: string | undefined;
  readonly frames?: string | undefined;
  readonly rows?: number | undefined;
  readonly columns?: number | undefined;
  readonly allocated?: number | undefined;
  readonly stored?: number | undefined;
  readonly high?: number | undefined;
}

/** The image pixel module of a picture of 4 × 6 pixels of 8 bits, without the pixels. */
export function pixelModule(changed: PixelAttributes = {}): Uint8Array {
  const given = {
    ...{ samples: 1, photometric: "MONOCHROME2", frames: undefined, rows: 4, columns: 6 },
    ...{ allocated: 8, stored: 8, high: 7 },
    ...changed,
  };
  const maybe = (tag: number, value: number | undefined) =>
    value === undefined ? NOTHING : short(tag, value);
  return concat(
    text(0x00080060, "CS", "DX"),
    maybe(0x00280002, given.samples),
    given.photometric === undefined ? NOTHING : text(0x00280004, "CS", given.photometric),
    given.frames === undefined ? NOTHING : text(0x00280008, "IS", given.frames),
    maybe(0x00280010, given.rows),
    maybe(0x00280011, given.columns),
    maybe(0x00280100, given.allocated),
    maybe(0x00280101, given.stored),
    maybe(0x00280102, given.high),
    short(0x00280103, 0),
  );
}

/** Compressed pixel data: an offset table, fragments, and the delimiter. */
export const fragmented = (table: readonly number[], fragments: readonly Uint8Array[]): Uint8Array =>
  element(
    PIXEL_DATA,
    "OB",
    concat(item(concat(...table.map(u32))), ...fragments.map((one) => item(one)), SEQUENCE_END),
    UNDEFINED,
  );
