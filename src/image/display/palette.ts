/**
 * Palette colour: a table for each of red, green and blue.
 *
 * Knows:      numbers. Not files or attributes.
 * Reference:  DICOM PS3.3 C.7.6.3.1.5 and C.7.9.2 (segmented tables); pydicom `apply_color_lut`.
 */

import { type LookupTable, largestEntry, lookUp } from "./lookup-table.ts";
import { codesOf, mapCodes, type StoredSamples, storedValue } from "./stored-values.ts";

/** Tables for red, green and blue. */
export type Palette = readonly [LookupTable, LookupTable, LookupTable];

/** A table may not expand to more entries than this. */
const MOST_ENTRIES = 65_536;

/** Add a ramp that ends at `to`, as a linear segment of `count` entries. */
function addRamp(entries: number[], count: number, to: number): boolean {
  const from = entries.at(-1);
  if (from === undefined || entries.length + count > MOST_ENTRIES) return false;
  for (let i = 1; i <= count; i++) entries.push(Math.round(from + ((to - from) * i) / count));
  return true;
}

/** Where a segment starts and how many entries of the data belong to it. */
interface Segment {
  readonly at: number;
  readonly length: number;
}

/** Add a segment of kind 0 (discrete) or 1 (linear); undefined where the data end too soon or make no sense. */
function addSegment(entries: number[], data: ArrayLike<number>, at: number): Segment | undefined {
  const [kind, count] = [data[at], data[at + 1]];
  if (count === undefined) return undefined;
  if (kind === 0) {
    const length = 2 + count;
    if (at + length > data.length || entries.length + count > MOST_ENTRIES) return undefined;
    for (let i = 0; i < count; i++) entries.push(data[at + 2 + i]!);
    return { at, length };
  }
  const to = data[at + 2];
  if (kind !== 1 || to === undefined || !addRamp(entries, count, to)) return undefined;
  return { at, length: 3 };
}

/**
 * Expand a segmented table.
 *
 * @param data  Segments: 0, n and n entries; 1, n and the value at the end of a ramp; 2, n and the byte offset, in two
 *              words with the lower first, of n segments to repeat.
 * @returns     Undefined if the segments are damaged.
 */
export function expandSegments(data: ArrayLike<number>, bytesPerEntry: 1 | 2): Uint16Array | undefined {
  const entries: number[] = [];
  for (let at = 0; at + 1 < data.length; ) {
    if (data[at] !== 2) {
      const added = addSegment(entries, data, at);
      if (added === undefined) return undefined;
      at += added.length;
      continue;
    }
    const words = bytesPerEntry === 1 ? 4 : 2;
    let offset = 0;
    for (let i = 0; i < words; i++) offset += (data[at + 2 + i] ?? 0) * 2 ** (8 * bytesPerEntry * i);
    let from = offset / bytesPerEntry;
    for (let left = data[at + 1]!; left > 0; left--) {
      const added = data[from] === 2 ? undefined : addSegment(entries, data, from);
      if (added === undefined) return undefined;
      from += added.length;
    }
    at += 2 + words;
  }
  return entries.length === 0 ? undefined : Uint16Array.from(entries);
}

/**
 * Colour a picture.
 *
 * @param stored  One sample per pixel.
 * @returns       New Uint8Array, H·W·3, interleaved RGB, each entry scaled from its bits to 8 and rounded.
 */
export function applyPalette(stored: StoredSamples, palette: Palette): Uint8Array {
  const { mask } = codesOf(stored);
  const planes = palette.map((table) => {
    const scale = 255 / largestEntry(table);
    const levels = Uint8Array.from({ length: mask + 1 }, (_, code) =>
      Math.min(255, Math.round(lookUp(table, storedValue(code, stored)) * scale)),
    );
    return mapCodes(stored, levels);
  });
  const [red, green, blue] = planes as [Uint8Array, Uint8Array, Uint8Array];
  const out = new Uint8Array(3 * red.length);
  for (let i = 0, at = 0; i < red.length; i++) {
    out[at++] = red[i]!;
    out[at++] = green[i]!;
    out[at++] = blue[i]!;
  }
  return out;
}
