/**
 * A TIFF's directory without faults about which a strict decoder complains although no sample depends on them: fields
 * that are out of order, given twice or unknown, unterminated text, samples that no field accounts for, and impossible
 * strip lengths.
 *
 * Knows:      the fields that determine samples. Not samples.
 * Reference:  Adobe, TIFF Revision 6.0; libtiff's tif_dirread.c for what a lenient reader does.
 */

import type { Mended } from "./mended.ts";
import {
  firstPage,
  firstValue,
  isHeld,
  type NewField,
  openTiff,
  readDirectory,
  type TiffDirectory,
  type TiffField,
  type TiffFile,
  valuesOf,
  withDirectory,
} from "./tiff.ts";
import { TAG } from "./tiff-tags.ts";

/**
 * The photometric interpretation whose chroma may be subsampled, so that a row's length does not follow from its width.
 */
const YCBCR = 6;

/** The largest number of strips or tiles that is read. */
const MAX_BLOCKS = 1_000_000;

/** Fields that determine samples or the orientation, with any compression. */
const NEEDED = new Set<number>([
  254, 255, 256, 257, 258, 259, 262, 266, 273, 274, 277, 278, 279, 284, 292, 293, 317, 320, 322, 323, 324,
  325, 332, 334, 338, 339, 347, 512, 513, 514, 515, 517, 518, 519, 520, 521, 529, 530, 531, 532,
]);

/** Number of channels of each photometric interpretation: grey, RGB, palette, mask, CMYK, YCbCr, CIELab. */
const COLOURS: Readonly<Record<number, number>> = { 0: 1, 1: 1, 2: 3, 3: 1, 4: 1, 5: 4, 6: 3, 8: 3 };

/** The fields that determine samples. Of a field that is given twice, the first counts. */
function neededFields({ fields }: TiffDirectory): TiffField[] {
  const kept = new Map<number, TiffField>();
  for (const field of fields) if (NEEDED.has(field.tag) && !kept.has(field.tag)) kept.set(field.tag, field);
  return [...kept.values()];
}

/** The ExtraSamples field for samples beyond the colour channels that the file does not account for: 0, unspecified. */
function extraSamples(file: TiffFile, directory: TiffDirectory): NewField[] {
  const samples = firstValue(file, directory, TAG.samples) ?? 1;
  const colours = COLOURS[firstValue(file, directory, TAG.photometric) ?? -1];
  if (colours === undefined || samples <= colours || samples > 8) return [];
  const said = valuesOf(file, directory, TAG.extraSamples, 8);
  if (said.length === samples - colours) return [];
  return [{ tag: TAG.extraSamples, values: new Array<number>(samples - colours).fill(0) }];
}

/** The strips' lengths, which follow from the picture's size if it is not compressed, whatever the file says. */
function stripCounts(file: TiffFile, directory: TiffDirectory): NewField[] {
  const of = (tag: number, usual: number) => firstValue(file, directory, tag) ?? usual;
  const [width, height] = [of(TAG.width, 0), of(TAG.height, 0)];
  const offsets = valuesOf(file, directory, TAG.stripOffsets, 65_535);
  const isPlain = of(TAG.compression, 1) === 1 && of(TAG.planar, 1) === 1 && of(TAG.photometric, 1) !== YCBCR;
  if (!isPlain || offsets.length === 0) return [];
  const rows = Math.min(of(TAG.rows, height), height);
  if (rows === 0 || Math.ceil(height / rows) !== offsets.length) return [];
  const rowBytes = Math.ceil((width * of(TAG.bits, 1) * of(TAG.samples, 1)) / 8);
  const values = offsets.map((_, i) => Math.min(rows, height - i * rows) * rowBytes);
  const isWhole = values.every((value, i) => offsets[i]! + value <= file.bytes.length);
  return isWhole ? [{ tag: TAG.stripCounts, values }] : [];
}

/** Whether all strips or tiles are complete in the file. */
function holdsSamples(file: TiffFile, directory: TiffDirectory, fresh: readonly NewField[]): boolean {
  const all = (tag: number) => valuesOf(file, directory, tag, MAX_BLOCKS);
  const [offsets, given] = directory.fields.some(({ tag }) => tag === TAG.tileOffsets)
    ? [all(TAG.tileOffsets), all(TAG.tileCounts)]
    : [all(TAG.stripOffsets), all(TAG.stripCounts)];
  const counts = fresh.find(({ tag }) => tag === TAG.stripCounts)?.values ?? given;
  return (
    offsets.length > 0 &&
    offsets.length === counts.length &&
    offsets.every((offset, i) => offset + counts[i]! <= file.bytes.length)
  );
}

/** What is wrong with a directory. If nothing else is found, it must be a field on which no sample depends. */
function faultsOf(file: TiffFile, directory: TiffDirectory, fresh: readonly NewField[]): string[] {
  const tags = directory.fields.map(({ tag }) => tag);
  const lengths = fresh.find(({ tag }) => tag === TAG.stripCounts)?.values ?? [];
  const given = valuesOf(file, directory, TAG.stripCounts, MAX_BLOCKS);
  const isOther = lengths.length > 0 && lengths.some((length, i) => length !== given[i]);
  const faults = [
    ...(tags.some((tag, i) => i > 0 && tag < tags[i - 1]!) ? ["fields out of order"] : []),
    ...(new Set(tags).size < tags.length ? ["a field that is given twice"] : []),
    ...(isOther ? ["missing or impossible strip lengths"] : []),
    ...(fresh.some(({ tag }) => tag === TAG.extraSamples) ? ["samples that no field accounts for"] : []),
  ];
  return faults.length > 0 ? faults : ["damaged or unknown fields that no sample depends on"];
}

/**
 * The file's first page with a new directory, which has only the necessary fields, in order.
 *
 * @returns  Undefined if the directory, a value or a strip is not complete in the file.
 */
export function mendTiff(bytes: Uint8Array): Mended | undefined {
  const file = openTiff(bytes);
  const directory = file && readDirectory(file, firstPage(file));
  if (file === undefined || directory === undefined) return undefined;
  const fresh = [...extraSamples(file, directory), ...stripCounts(file, directory)];
  const replaced = new Set(fresh.map(({ tag }) => tag));
  const old = neededFields(directory).filter(({ tag }) => !replaced.has(tag));
  // The new directory is appended. Where a file is truncated, missing values must not be read from it.
  if (!old.every((field) => isHeld(file, field)) || !holdsSamples(file, directory, fresh)) return undefined;
  return { bytes: withDirectory(file, old, fresh), faults: faultsOf(file, directory, fresh) };
}
