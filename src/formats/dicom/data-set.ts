/**
 * The attributes of a data set or of one item, found but not yet read.
 *
 * Knows:      the order of attributes in a file. Not what they mean.
 * Reference:  DICOM PS3.5, 7; pydicom 2.3 `read_dataset`.
 */

import { damaged } from "./damaged.ts";
import {
  type DataSource,
  elementAt,
  keep,
  type RawElement,
  TAG,
  tagAt,
  UNDEFINED_LENGTH,
} from "./element.ts";
import { endOfItem, endOfValue, isExplicitItem } from "./undefined-length.ts";

/** The attributes of a data set by their tags; of a repeated one, the last. */
export interface FoundElements {
  readonly byTag: ReadonlyMap<number, RawElement>;
  /** Where reading ended. */
  readonly end: number;
  /** How many bytes the last value lacks, because the file ends. 0 if it is whole. */
  readonly missing: number;
}

/** A part of the bytes in which attributes follow one another. */
export interface Span {
  readonly start: number;
  readonly end: number;
  readonly isExplicit: boolean;
}

/**
 * Find the attributes of a span.
 *
 * What follows the pixel data is read only as far as it looks like attributes, since some files end with other bytes.
 *
 * @param source     The bytes.
 * @param isWithin   Whether an attribute with this tag still belongs to the data set.
 * @throws           XrayError `dicom/damaged`.
 */
export function findElements(
  source: DataSource,
  { start, end, isExplicit }: Span,
  isWithin: (tag: number) => boolean = () => true,
): FoundElements {
  const byTag = new Map<number, RawElement>();
  const size = source.bytes.length;
  let at = start;
  let missing = 0;
  while (at < Math.min(end, size)) {
    const element = elementAt(source, at, isExplicit);
    if (element === undefined || !isWithin(element.tag) || element.tag === TAG.itemEnd) break;
    const isUndefined = element.length === UNDEFINED_LENGTH;
    const isAfterPixels = byTag.has(TAG.pixelData);
    if (isAfterPixels && (isUndefined || byTag.has(element.tag) || element.at + element.length > size)) break;
    if (!byTag.has(element.tag)) keep(source);
    byTag.set(element.tag, element);
    at = isUndefined
      ? endOfValue(source, element.at, isExplicit && element.vr !== undefined)
      : element.at + element.length;
    if (!isUndefined) missing = Math.max(0, at - size);
  }
  return { byTag, end: Math.min(at, size), missing };
}

/** More items than any sequence that is read here has; a DICOMDIR has one for each image. */
const MAX_ITEMS = 250_000;

/**
 * Find the items of a sequence, up to the first place where none stands.
 *
 * @param isExplicit  Whether the attributes around the sequence give their value representations.
 * @throws            XrayError `dicom/damaged`.
 */
export function findItems(source: DataSource, { at, length, vr }: RawElement, isExplicit: boolean): Span[] {
  const { bytes, view, isLittleEndian } = source;
  const limit = length === UNDEFINED_LENGTH ? bytes.length : Math.min(at + length, bytes.length);
  const isAround = isExplicit && vr !== undefined;
  const items: Span[] = [];
  for (let next = at; next + 8 <= limit; ) {
    const tag = tagAt(source, next);
    if (tag !== TAG.item && tag !== TAG.itemEnd) break;
    const start = next + 8;
    const itemLength = tag === TAG.itemEnd ? 0 : view.getUint32(next + 4, isLittleEndian);
    const isItemExplicit = isExplicitItem(source, start, isAround);
    next = itemLength === UNDEFINED_LENGTH ? endOfItem(source, start, isItemExplicit) : start + itemLength;
    if (tag === TAG.item) items.push({ start, end: Math.min(next, limit), isExplicit: isItemExplicit });
    if (items.length > MAX_ITEMS) throw damaged("a sequence has too many items", { at });
  }
  return items;
}
