/**
 * Grey TIFFs with 12 bits per sample, two samples in three bytes, which X-ray detectors write and few decoders read.
 *
 * Knows:      the fields that say how such samples are laid out. Uncompressed strips only, as in PIL.
 * Reference:  Adobe, TIFF Revision 6.0, BitsPerSample and FillOrder; Pillow's `unpackI12B`.
 */

import {
  firstPage,
  firstValue,
  openTiff,
  readDirectory,
  type TiffDirectory,
  type TiffFile,
  valuesOf,
  withDirectory,
} from "./tiff.ts";
import { TAG } from "./tiff-tags.ts";

/** A picture with more samples is left as it is, and refused later for its size. */
const MAX_SAMPLES = 64_000_000;

interface Layout {
  readonly width: number;
  readonly height: number;
  readonly rows: number;
  readonly offsets: readonly number[];
}

/** How the samples are laid out; undefined if this is not a grey 12-bit picture in uncompressed strips. */
function layoutOf(file: TiffFile, directory: TiffDirectory): Layout | undefined {
  const of = (tag: number, usual: number) => firstValue(file, directory, tag) ?? usual;
  const [width, height] = [of(TAG.width, 0), of(TAG.height, 0)];
  const isTwelve = of(TAG.bits, 1) === 12 && of(TAG.samples, 1) === 1 && of(TAG.compression, 1) === 1;
  const isPlain = of(TAG.fillOrder, 1) === 1 && of(TAG.photometric, 1) <= 1;
  const rows = Math.min(of(TAG.rows, height), height);
  const offsets = valuesOf(file, directory, TAG.stripOffsets, 65_535);
  if (!isTwelve || !isPlain || rows === 0 || width * height > MAX_SAMPLES) return undefined;
  return offsets.length === Math.ceil(height / rows) ? { width, height, rows, offsets } : undefined;
}

/** The samples, row by row; undefined if a strip is not complete. */
function unpack({ bytes }: TiffFile, { width, height, rows, offsets }: Layout): Uint16Array | undefined {
  const rowBytes = Math.ceil((width * 12) / 8);
  const out = new Uint16Array(width * height);
  for (let y = 0; y < height; y++) {
    const start = offsets[Math.floor(y / rows)]! + (y % rows) * rowBytes;
    if (start + rowBytes > bytes.length) return undefined;
    for (let x = 0, at = start; x < width; x += 2, at += 3) {
      const middle = bytes[at + 1]!;
      out[y * width + x] = (bytes[at]! << 4) | (middle >> 4);
      if (x + 1 < width) out[y * width + x + 1] = ((middle & 15) << 8) | bytes[at + 2]!;
    }
  }
  return out;
}

/**
 * The same picture with 16 bits per sample, of which the low 12 are used; 0 is black.
 *
 * @returns  Undefined if the file's first page is not such a picture, or not complete.
 */
export function widenTwelve(bytes: Uint8Array): Uint8Array | undefined {
  const file = openTiff(bytes);
  const directory = file && readDirectory(file, firstPage(file));
  const layout = file && directory && layoutOf(file, directory);
  const samples = layout && unpack(file, layout);
  if (samples === undefined) return undefined;
  const { width, height } = layout!;
  const inverted = firstValue(file!, directory!, TAG.photometric) === 0;
  const head = 8;
  const wide = new Uint8Array(head + 2 * samples.length);
  wide.set([0x49, 0x49, 42, 0]);
  const view = new DataView(wide.buffer);
  for (const [i, value] of samples.entries())
    view.setUint16(head + 2 * i, inverted ? 4095 - value : value, true);
  const field = (tag: number, value: number) => ({ tag, values: [value] });
  return withDirectory(
    openTiff(wide)!,
    [],
    [
      field(TAG.width, width),
      field(TAG.height, height),
      field(TAG.bits, 16),
      field(TAG.compression, 1),
      field(TAG.photometric, 1),
      field(TAG.stripOffsets, head),
      field(TAG.orientation, firstValue(file!, directory!, TAG.orientation) ?? 1),
      field(TAG.samples, 1),
      field(TAG.rows, height),
      field(TAG.stripCounts, 2 * samples.length),
    ],
  );
}
