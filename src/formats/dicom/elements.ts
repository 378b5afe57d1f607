/**
 * The attributes of a data set or of an item, read on demand.
 *
 * Knows:      value representations and character sets. Not what attributes mean.
 * Reference:  DICOM PS3.5.
 */

import { type Encoding, encodingsOf } from "./character-sets.ts";
import { type FoundElements, findElements, findItems, type Span } from "./data-set.ts";
import { type DataSource, type RawElement, UNDEFINED_LENGTH } from "./element.ts";
import { vrOf } from "./known-vrs.ts";
import { binaryNumbers, decimalNumber } from "./numbers.ts";
import { textValues } from "./text.ts";

/** What an item takes over from the data set around it. */
interface Inherited {
  readonly encodings: readonly Encoding[];
  readonly isSigned: boolean;
}

const CHARACTER_SET = 0x00080005;
const PIXEL_REPRESENTATION = 0x00280103;

/** The longest text of an attribute that is read here has 10,240 characters. */
const MAX_TEXT_BYTES = 64 * 1024;

/** Attributes by their tags, written `x00280010`. What is not there is undefined or empty; nothing throws for that. */
export class DicomElements {
  readonly source: DataSource;
  readonly #span: Span;
  readonly #around: Inherited;
  #found: FoundElements | undefined;
  #own: Inherited | undefined;

  constructor(
    source: DataSource,
    span: Span,
    around: Inherited = { encodings: ["latin1"], isSigned: false },
    found?: FoundElements,
  ) {
    this.source = source;
    this.#span = span;
    this.#around = around;
    this.#found = found;
  }

  /** All attributes. Throws XrayError `dicom/damaged`. */
  get found(): FoundElements {
    this.#found ??= findElements(this.source, this.#span);
    return this.#found;
  }

  #inherited(): Inherited {
    this.#own ??= this.#read();
    return this.#own;
  }

  #read(): Inherited {
    const terms = this.#bytesOf(this.found.byTag.get(CHARACTER_SET));
    const signs = this.#bytesOf(this.found.byTag.get(PIXEL_REPRESENTATION));
    return {
      encodings:
        terms === undefined
          ? this.#around.encodings
          : encodingsOf(textValues(terms.subarray(0, MAX_TEXT_BYTES), "CS", ["latin1"])),
      isSigned:
        signs === undefined
          ? this.#around.isSigned
          : binaryNumbers(signs.subarray(0, 2), "US", this.source.isLittleEndian)?.[0] === 1,
    };
  }

  /** An attribute as it lies in the file. */
  raw(tag: string): RawElement | undefined {
    return this.found.byTag.get(Number.parseInt(tag.slice(1), 16));
  }

  #bytesOf(element: RawElement | undefined): Uint8Array | undefined {
    if (element === undefined || element.length === UNDEFINED_LENGTH) return undefined;
    return this.source.bytes.subarray(element.at, element.at + element.length);
  }

  /** The bytes of a value as they are in the file, cut where the file ends; undefined if its length is undefined. */
  bytes(tag: string): Uint8Array | undefined {
    return this.#bytesOf(this.raw(tag));
  }

  #value(tag: string): { bytes: Uint8Array; vr: string } | undefined {
    const element = this.raw(tag);
    const bytes = this.#bytesOf(element);
    if (element === undefined || bytes === undefined || bytes.length === 0) return undefined;
    return { bytes, vr: vrOf(element.tag, element.vr, this.#inherited().isSigned) };
  }

  /** All values of a text, decoded and without padding; values between others may be empty. */
  texts(tag: string): readonly string[] {
    const value = this.#value(tag);
    if (value === undefined) return [];
    const { encodings } = this.#inherited();
    return textValues(value.bytes.subarray(0, MAX_TEXT_BYTES), value.vr, encodings);
  }

  /** The first value of a text, or undefined if it is empty. */
  text(tag: string): string | undefined {
    return this.texts(tag)[0] || undefined;
  }

  /** All numbers, from binary or decimal values; none if one of them is no number. At most a million are read. */
  numbers(tag: string): readonly number[] {
    return this.#numbers(tag);
  }

  #numbers(tag: string, most?: number): readonly number[] {
    const value = this.#value(tag);
    if (value === undefined) return [];
    const binary = binaryNumbers(value.bytes, value.vr, this.source.isLittleEndian, most);
    if (binary !== undefined) return binary;
    const numbers = this.texts(tag).map(decimalNumber);
    return numbers.includes(undefined) ? [] : (numbers as number[]);
  }

  /** The first number, if it is a whole one. */
  integer(tag: string): number | undefined {
    const first = this.#numbers(tag, 1)[0];
    return Number.isSafeInteger(first) ? first : undefined;
  }

  /** The items of a sequence. Throws XrayError `dicom/damaged`. */
  sequence(tag: string): readonly DicomElements[] {
    const element = this.raw(tag);
    if (element === undefined) return [];
    const inherited = this.#inherited();
    return findItems(this.source, element, this.#span.isExplicit).map(
      (span) => new DicomElements(this.source, span, inherited),
    );
  }
}
