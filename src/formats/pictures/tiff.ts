/**
 * TIFF files as directories: where they are, which fields they have, and how to give a decoder just one of them.
 *
 * No read goes beyond the file, and the number of directories is bounded, so that following a circular chain ends.
 *
 * Knows:      directories and fields, of classic TIFF and of BigTIFF. Not samples.
 * Reference:  Adobe, TIFF Revision 6.0, section 2; the BigTIFF design of libtiff.
 */

/** The largest number of directories that is followed. */
const MAX_DIRECTORIES = 100_000;

/** An open TIFF. */
export interface TiffFile {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly isLittle: boolean;
  /** BigTIFF: counts and offsets have 8 bytes. */
  readonly isBig: boolean;
}

/** A field as its directory lists it. */
export interface TiffField {
  readonly tag: number;
  readonly type: number;
  readonly count: number;
  /** The whole entry: 12 bytes, or 20 in BigTIFF. */
  readonly entry: Uint8Array;
}

/** One directory. */
export interface TiffDirectory {
  readonly fields: readonly TiffField[];
  readonly next: number;
  /** Where `next` is written. */
  readonly nextAt: number;
}

/** Bytes per value, by the field's type. */
const TYPE_BYTES: readonly number[] = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8];

/** Open a file that begins with a TIFF signature; undefined if it is too short for a header. */
export function openTiff(bytes: Uint8Array): TiffFile | undefined {
  if (bytes.length < 8) return undefined;
  const isLittle = bytes[0] === 0x49;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isBig = view.getUint16(2, isLittle) === 43;
  return isBig && bytes.length < 16 ? undefined : { bytes, view, isLittle, isBig };
}

/** An offset of 4 bytes, or 8 in BigTIFF. Above 2⁵³ it is rounded, but past the end of every file anyway. */
function offsetAt({ view, isLittle, isBig }: TiffFile, at: number): number {
  return isBig ? Number(view.getBigUint64(at, isLittle)) : view.getUint32(at, isLittle);
}

const linkOf = ({ isBig }: TiffFile): number => (isBig ? 8 : 4);

/** Offset of the first directory. */
export const firstPage = (file: TiffFile): number => offsetAt(file, linkOf(file));

/** How many fields a directory has, and where they begin and end; undefined if it is not complete in the file. */
function extentOf(
  file: TiffFile,
  at: number,
): { count: number; from: number; size: number; end: number } | undefined {
  const { bytes, view, isLittle, isBig } = file;
  const head = isBig ? 8 : 2;
  if (at < 8 || at + head > bytes.length) return undefined;
  const count = isBig ? Number(view.getBigUint64(at, isLittle)) : view.getUint16(at, isLittle);
  const size = isBig ? 20 : 12;
  const end = at + head + count * size;
  return count > 65_535 || end + linkOf(file) > bytes.length
    ? undefined
    : { count, from: at + head, size, end };
}

/** Read a directory; undefined if it is not complete in the file. */
export function readDirectory(file: TiffFile, at: number): TiffDirectory | undefined {
  const extent = extentOf(file, at);
  if (extent === undefined) return undefined;
  const { count, from, size, end } = extent;
  const { bytes, view, isLittle, isBig } = file;
  const fields = Array.from({ length: count }, (_, i): TiffField => {
    const entry = from + i * size;
    return {
      tag: view.getUint16(entry, isLittle),
      type: view.getUint16(entry + 2, isLittle),
      count: isBig ? Number(view.getBigUint64(entry + 4, isLittle)) : view.getUint32(entry + 4, isLittle),
      entry: bytes.subarray(entry, entry + size),
    };
  });
  return { fields, next: offsetAt(file, end), nextAt: end };
}

/** The chain of directories. */
export interface TiffChain {
  /** Where each directory begins. */
  readonly offsets: readonly number[];
  /** How the chain ends: as it should, in a circle, outside the file, or because there are too many directories. */
  readonly end: "end" | "circle" | "outside" | "many";
}

/** Follow the chain of directories without reading them. */
export function chainOf(file: TiffFile): TiffChain {
  const offsets: number[] = [];
  const seen = new Set<number>();
  for (let at = firstPage(file); at !== 0; ) {
    if (seen.has(at)) return { offsets, end: "circle" };
    if (offsets.length === MAX_DIRECTORIES) return { offsets, end: "many" };
    const extent = extentOf(file, at);
    if (extent === undefined) return { offsets, end: "outside" };
    seen.add(at);
    offsets.push(at);
    at = offsetAt(file, extent.end);
  }
  return { offsets, end: "end" };
}

/** Where a field's values are: in its entry if they fit there, otherwise where the entry says. */
function placeOf(file: TiffFile, { type, count, entry }: TiffField): number {
  const inEntry = entry.byteOffset - file.bytes.byteOffset + (file.isBig ? 12 : 8);
  return count * (TYPE_BYTES[type] ?? 0) <= linkOf(file) ? inEntry : offsetAt(file, inEntry);
}

/** Whether all values of a field are within the file. */
export function isHeld(file: TiffFile, field: TiffField): boolean {
  return placeOf(file, field) + field.count * (TYPE_BYTES[field.type] ?? 0) <= file.bytes.length;
}

/**
 * The values of a field of type BYTE, SHORT, LONG or LONG8.
 *
 * @param most  The largest number of values that the field may have.
 * @returns     Empty if the field is missing, has another type or more values, or is not complete in the file.
 */
export function valuesOf(file: TiffFile, { fields }: TiffDirectory, tag: number, most: number): number[] {
  const field = fields.find((one) => one.tag === tag);
  const width = TYPE_BYTES[field?.type ?? 0] ?? 0;
  if (field === undefined || ![1, 3, 4, 16].includes(field.type) || field.count > most) return [];
  const { bytes, view, isLittle } = file;
  const at = placeOf(file, field);
  if (at + field.count * width > bytes.length) return [];
  return Array.from({ length: field.count }, (_, i) => {
    const place = at + i * width;
    if (width === 1) return bytes[place]!;
    if (width === 2) return view.getUint16(place, isLittle);
    return width === 4 ? view.getUint32(place, isLittle) : Number(view.getBigUint64(place, isLittle));
  });
}

/** The first value of a field; undefined if `valuesOf` finds none. */
export const firstValue = (file: TiffFile, directory: TiffDirectory, tag: number): number | undefined =>
  valuesOf(file, directory, tag, 1024)[0];

function writeOffset(view: DataView, { isLittle, isBig }: TiffFile, at: number, value: number): void {
  if (isBig) view.setBigUint64(at, BigInt(value), isLittle);
  else view.setUint32(at, value, isLittle);
}

/** A copy of the file with only the directory at `at`. */
export function withOnly(file: TiffFile, at: number): Uint8Array {
  const copy = file.bytes.slice();
  const view = new DataView(copy.buffer);
  writeOffset(view, file, linkOf(file), at);
  writeOffset(view, file, extentOf(file, at)!.end, 0);
  return copy;
}

/** A field of whole numbers to be written, as LONGs. */
export interface NewField {
  readonly tag: number;
  readonly values: readonly number[];
}

/** A copy of the file with one new directory: entries of an old directory, unchanged, and new fields. */
export function withDirectory(
  file: TiffFile,
  old: readonly TiffField[],
  fresh: readonly NewField[],
): Uint8Array {
  const { bytes, isLittle, isBig } = file;
  const link = linkOf(file);
  const size = isBig ? 20 : 12;
  const start = bytes.length + (bytes.length % 2);
  const count = old.length + fresh.length;
  const valuesAt = start + (isBig ? 8 : 2) + count * size + link;
  const out = new Uint8Array(valuesAt + fresh.reduce((sum, { values }) => sum + 4 * values.length + 8, 0));
  out.set(bytes);
  const view = new DataView(out.buffer);
  writeOffset(view, file, link, start);
  if (isBig) view.setBigUint64(start, BigInt(count), isLittle);
  else view.setUint16(start, count, isLittle);
  const rows = [
    ...old.map((field) => ({ field, tag: field.tag })),
    ...fresh.map((one) => ({ one, tag: one.tag })),
  ];
  let [at, valueAt] = [start + (isBig ? 8 : 2), valuesAt];
  for (const row of rows.toSorted((a, b) => a.tag - b.tag)) {
    if ("field" in row) out.set(row.field.entry, at);
    else {
      const { tag, values } = row.one;
      view.setUint16(at, tag, isLittle);
      view.setUint16(at + 2, 4, isLittle);
      if (isBig) view.setBigUint64(at + 4, BigInt(values.length), isLittle);
      else view.setUint32(at + 4, values.length, isLittle);
      const isInline = 4 * values.length <= link;
      const place = isInline ? at + (isBig ? 12 : 8) : valueAt;
      for (const [i, value] of values.entries()) view.setUint32(place + 4 * i, value, isLittle);
      if (!isInline) {
        writeOffset(view, file, at + (isBig ? 12 : 8), valueAt);
        valueAt += 4 * values.length;
      }
    }
    at += size;
  }
  return out;
}
