/**
 * The fragments of compressed pixel data, and which of them make up a frame.
 *
 * Knows:      items and offset tables. Not how frames are decoded.
 * Reference:  DICOM PS3.5, A.4; PS3.3, C.7.6.3.1.8 (extended offset table).
 */

import { counted } from "../../text.ts";
import { damaged } from "./damaged.ts";
import { type DataSource, type RawElement, TAG, tagAt, UNDEFINED_LENGTH } from "./element.ts";

/** A piece of compressed data. */
export interface Fragment {
  /** Where its item begins, counted from the first fragment's item. Offset tables mean this. */
  readonly offset: number;
  /** Where its bytes are in the file. */
  readonly at: number;
  /** As the file says; it may reach beyond the file's end. */
  readonly length: number;
}

/** Compressed pixel data, as it lies in the file. */
export interface Fragments {
  /** The basic offset table: where each frame's first fragment begins. Often empty. */
  readonly table: readonly number[];
  readonly list: readonly Fragment[];
}

const MAX_FRAGMENTS = 250_000;

/**
 * Find the fragments of pixel data of undefined length.
 *
 * @throws  XrayError `dicom/damaged`. A missing delimiter is no damage.
 */
export function findFragments(source: DataSource, { at }: RawElement): Fragments {
  const { bytes, view, isLittleEndian } = source;
  const items: { at: number; length: number }[] = [];
  for (let next = at; next + 8 <= bytes.length && tagAt(source, next) === TAG.item; ) {
    const length = view.getUint32(next + 4, isLittleEndian);
    if (length === UNDEFINED_LENGTH) throw damaged("a fragment of its pixel data does not say its length");
    items.push({ at: next + 8, length });
    if (items.length > MAX_FRAGMENTS) throw damaged("its pixel data has too many fragments");
    next += 8 + length;
  }
  const [first, ...rest] = items;
  if (first === undefined) throw damaged("its compressed pixel data has no fragments");
  const base = first.at + first.length;
  const entries = Math.floor(Math.min(first.length, bytes.length - first.at) / 4);
  const table = Array.from({ length: Math.min(entries, MAX_FRAGMENTS) }, (_, i) =>
    view.getUint32(first.at + i * 4, isLittleEndian),
  );
  return { table, list: rest.map((item) => ({ ...item, offset: item.at - 8 - base })) };
}

/** How a frame of a JPEG or JPEG 2000 stream begins. */
const beginsFrame = ({ bytes }: DataSource, { at }: Fragment): boolean =>
  (bytes[at] === 0xff && bytes[at + 1] === 0xd8) ||
  (bytes[at] === 0xff && bytes[at + 1] === 0x4f && bytes[at + 2] === 0xff && bytes[at + 3] === 0x51);

/** Where in the list each frame begins, if the offsets are those of fragments, ascending, one for each frame. */
function startsByTable(
  list: readonly Fragment[],
  offsets: readonly number[],
  frames: number,
): readonly number[] | undefined {
  if (offsets.length !== frames) return undefined;
  const indexOf = new Map(list.map(({ offset }, i) => [offset, i]));
  const starts = offsets.map((offset) => indexOf.get(offset));
  const isAscending = starts.every((start, i) => start !== undefined && (i === 0 || start > starts[i - 1]!));
  return isAscending && starts[0] === 0 ? (starts as number[]) : undefined;
}

/**
 * The fragments of one frame.
 *
 * An offset table is followed if it fits the fragments. Otherwise each fragment is a frame, if there are as many; or
 * frames begin where a JPEG or JPEG 2000 stream does, if that makes as many.
 *
 * @param offsets  Those of the extended offset table, which go before those of the basic one; or none.
 * @param frames   Number of frames, as the header says.
 * @param frame    Counted from 1; one of them.
 * @throws         XrayError `dicom/damaged`.
 */
export function fragmentsOfFrame(
  source: DataSource,
  { table, list }: Fragments,
  offsets: readonly number[],
  frames: number,
  frame: number,
): readonly Fragment[] {
  if (list.length < frames) {
    const problem = `it should have ${counted(frames, "frame")}, but its pixel data has ${counted(list.length, "fragment")}`;
    throw damaged(problem, { frames, fragments: list.length });
  }
  if (frames === 1) return list;
  const starts = startsByTable(list, offsets, frames) ?? startsByTable(list, table, frames);
  if (starts !== undefined) return list.slice(starts[frame - 1], starts[frame] ?? list.length);
  if (list.length === frames) return [list[frame - 1]!];
  const begun = list.flatMap((fragment, i) => (beginsFrame(source, fragment) ? [i] : []));
  if (begun.length === frames && begun[0] === 0)
    return list.slice(begun[frame - 1], begun[frame] ?? list.length);
  throw damaged("which fragments of its pixel data make up a frame cannot be told");
}

/** The bytes of fragments, joined. Throws XrayError `dicom/damaged` if the file ends before they do. */
export function joinFragments({ bytes }: DataSource, list: readonly Fragment[]): Uint8Array {
  const missing = list.reduce((most, { at, length }) => Math.max(most, at + length - bytes.length), 0);
  if (missing > 0) {
    const problem = `its pixel data is ${counted(missing, "byte")} short`;
    throw damaged(problem, { missing });
  }
  if (list.length === 1) return bytes.subarray(list[0]!.at, list[0]!.at + list[0]!.length);
  const whole = new Uint8Array(list.reduce((sum, { length }) => sum + length, 0));
  let to = 0;
  for (const { at, length } of list) {
    whole.set(bytes.subarray(at, at + length), to);
    to += length;
  }
  return whole;
}
