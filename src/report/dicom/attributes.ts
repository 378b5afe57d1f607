/**
 * Attributes of the data sets that are written: tags, value representations and values.
 *
 * Knows:      the shape that the writer takes. Values are valid before they come here (`valid-values.ts`).
 * Reference:  DICOM PS3.5, 6.2.
 */

/** The value representations that are written. */
export type Vr =
  | "CS"
  | "DA"
  | "DS"
  | "DT"
  | "IS"
  | "LO"
  | "LT"
  | "OB"
  | "PN"
  | "SH"
  | "SQ"
  | "ST"
  | "TM"
  | "UI"
  | "UL"
  | "US"
  | "UT";

/** A value: text as it is written, a number of a binary value representation, an item of a sequence, or bytes. */
export type Value = string | number | DataSet | Uint8Array;

export interface Attribute {
  readonly vr: Vr;
  /** Empty for an attribute that is there but has no value. */
  readonly Value: readonly Value[];
}

/** Attributes by their tags in eight digits, such as `00100010`. */
export interface DataSet {
  readonly [tag: string]: Attribute;
}

/** An attribute with these values; undefined and empty texts are none. */
export const attribute = (vr: Vr, ...values: readonly (Value | undefined)[]): Attribute => ({
  vr,
  Value: values.filter((value): value is Value => value !== undefined && value !== ""),
});

/** A sequence of these items. */
export const sequence = (...items: readonly DataSet[]): Attribute => attribute("SQ", ...items);

/** The attribute under its tag, or nothing if it has no value: for what DICOM lets out. */
export const ifAny = (tag: string, made: Attribute): DataSet =>
  made.Value.length === 0 ? {} : { [tag]: made };
