/**
 * A DICOM assembler, for files that no well-behaved program writes: explicit little endian, with a preamble.
 *
 * Reference: DICOM PS3.5 7 and A.4, PS3.10 7.1.
 */

import { concat, latin1, u16, u32 } from "./bytes.ts";

export const SYNTAX = {
  implicit: "1.2.840.10008.1.2",
  explicit: "1.2.840.10008.1.2.1",
  deflated: "1.2.840.10008.1.2.1.99",
  rle: "1.2.840.10008.1.2.5",
  baseline: "1.2.840.10008.1.2.4.50",
  lossless: "1.2.840.10008.1.2.4.70",
  jpegLs: "1.2.840.10008.1.2.4.80",
  jpeg2000: "1.2.840.10008.1.2.4.90",
  htj2k: "1.2.840.10008.1.2.4.201",
} as const;

export const UNDEFINED_LENGTH = 0xffffffff;
const LONG = ["OB", "OW", "SQ", "UN", "UT"];
const tagBytes = (tag: number): Uint8Array => concat(u16(tag >>> 16), u16(tag & 0xffff));

/** Zero bytes to an even length. */
const even = (value: Uint8Array): Uint8Array =>
  value.length % 2 === 0 ? value : concat(value, u16(0).subarray(1));

/** An attribute. A number becomes US, or IS as text; a text is padded with NUL. */
export function element(
  tag: number,
  vr: string,
  value: Uint8Array | string | number,
  length?: number,
): Uint8Array {
  const bytes = typeof value === "number" ? u16(value) : typeof value === "string" ? latin1(value) : value;
  const padded = even(bytes);
  const said = length ?? padded.length;
  const head = concat(tagBytes(tag), latin1(vr), LONG.includes(vr) ? concat(u16(0), u32(said)) : u16(said));
  return concat(head, padded);
}

/** An item of a sequence, or a fragment. */
export const item = (value: Uint8Array, length = even(value).length): Uint8Array =>
  concat(tagBytes(0xfffee000), u32(length), even(value));

export const ITEM_END = concat(tagBytes(0xfffee00d), u32(0));
export const SEQUENCE_END = concat(tagBytes(0xfffee0dd), u32(0));

/** Compressed pixel data: an empty offset table, and fragments. */
export const encapsulated = (...fragments: readonly Uint8Array[]): Uint8Array =>
  concat(
    element(0x7fe00010, "OB", new Uint8Array(0), UNDEFINED_LENGTH),
    item(new Uint8Array(0)),
    ...fragments.map((fragment) => item(fragment)),
    SEQUENCE_END,
  );

/** Preamble, prefix and file meta information. */
export function dicomHead(syntax: string): Uint8Array {
  const meta = concat(
    element(0x00020002, "UI", "1.2.840.10008.5.1.4.1.1.1.1"),
    element(0x00020003, "UI", "1.2.3"),
    element(0x00020010, "UI", syntax),
  );
  return concat(new Uint8Array(128), latin1("DICM"), element(0x00020000, "UL", u32(meta.length)), meta);
}

/** What a picture's header says; a grey one of 16 bits unless it says otherwise. */
export interface DicomSpec {
  readonly rows: number;
  readonly columns: number;
  readonly bits?: number;
  readonly samples?: number;
  readonly photometric?: string;
  readonly frames?: number | string;
  /** Attributes before group 0028, in order. */
  readonly before?: readonly Uint8Array[];
  /** Attributes between group 0028 and the pixel data, in order. */
  readonly after?: readonly Uint8Array[];
}

/** The attributes of a picture, without pixel data. */
export function pictureAttributes(spec: DicomSpec): Uint8Array {
  const { rows, columns, bits = 16, samples = 1, photometric = "MONOCHROME2", frames } = spec;
  return concat(
    ...(spec.before ?? [element(0x00080060, "CS", "DX")]),
    element(0x00280002, "US", samples),
    element(0x00280004, "CS", photometric.length % 2 === 0 ? photometric : `${photometric} `),
    ...(samples > 1 ? [element(0x00280006, "US", 0)] : []),
    ...(frames === undefined ? [] : [element(0x00280008, "IS", String(frames))]),
    element(0x00280010, "US", rows),
    element(0x00280011, "US", columns),
    element(0x00280100, "US", bits),
    element(0x00280101, "US", bits),
    element(0x00280102, "US", bits - 1),
    element(0x00280103, "US", 0),
    ...(spec.after ?? []),
  );
}

/** A whole file; `pixels` is the attribute of the pixel data. */
export const dicom = (syntax: string, spec: DicomSpec, pixels: Uint8Array): Uint8Array =>
  concat(dicomHead(syntax), pictureAttributes(spec), pixels);
