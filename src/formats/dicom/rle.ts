/**
 * RLE frames: every byte of the samples in a segment of its own, packed in runs.
 *
 * Knows:      bytes. Not what they mean.
 * Reference:  DICOM PS3.5, annex G.
 */

import { XrayError } from "../../errors.ts";

const HEADER = 64;

function damaged(what: string): XrayError {
  return new XrayError(
    "dicom/damaged",
    `the RLE compressed picture is damaged: ${what}; fetch or export it again`,
    {},
  );
}

/** What was unpacked of a segment. */
interface Unpacked {
  /** How many bytes were written. */
  readonly written: number;
  /** Whether more follows than the zeros with which writers pad a segment, or its last run is too long. */
  readonly hasMore: boolean;
}

/** Unpack a segment into every `step`-th byte from `to`. */
function unpack(bytes: Uint8Array, out: Uint8Array, to: number, step: number, count: number): Unpacked {
  const end = to + step * count;
  let at = 0;
  let into = to;
  let isOver = false;
  while (into < end && at < bytes.length) {
    const head = bytes[at++]!;
    if (head === 128) continue;
    const isRun = head > 128;
    const length = isRun ? 257 - head : head + 1;
    const available = isRun ? (at < bytes.length ? length : 0) : Math.min(length, bytes.length - at);
    if (available < length) break;
    isOver = into + step * length > end;
    const last = Math.min(end, into + step * length);
    if (isRun) {
      const value = bytes[at++]!;
      for (; into < last; into += step) out[into] = value;
    } else {
      for (let from = at; into < last; into += step) out[into] = bytes[from++]!;
      at += length;
    }
  }
  const hasMore = isOver || bytes.subarray(at).some((byte) => byte !== 0 && byte !== 128);
  return { written: (into - to) / step, hasMore };
}

/**
 * Decode a frame.
 *
 * @param bytes      The whole frame: a header of 64 bytes, then the segments.
 * @param pixels     Pixels of the frame.
 * @param samples    Samples per pixel.
 * @param sampleSize Bytes of a sample: 1, 2 or 4.
 * @returns          Samples in little endian, pixel by pixel.
 * @throws           XrayError `dicom/damaged` if the header contradicts the samples, or a segment is too short.
 */
export function decodeRle(
  bytes: Uint8Array,
  pixels: number,
  samples: number,
  sampleSize: number,
): Uint8Array {
  if (bytes.length < HEADER) throw damaged("it ends within its header");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = view.getUint32(0, true);
  if (count !== samples * sampleSize)
    throw damaged(`it has ${count} segments, but its samples need ${samples * sampleSize}`);
  const offsets = Array.from({ length: count }, (_, i) => view.getUint32(4 + 4 * i, true));
  const out = new Uint8Array(pixels * samples * sampleSize);
  for (const [i, offset] of offsets.entries()) {
    const end = offsets[i + 1] ?? bytes.length;
    if (offset < HEADER || end < offset || end > bytes.length)
      throw damaged("its segments lie outside the data");
    // The most significant byte of a sample comes first.
    const to = Math.floor(i / sampleSize) * sampleSize + (sampleSize - 1 - (i % sampleSize));
    const { written, hasMore } = unpack(bytes.subarray(offset, end), out, to, samples * sampleSize, pixels);
    if (written < pixels) throw damaged(`segment ${i + 1} holds ${written} of ${pixels} bytes`);
    if (hasMore) throw damaged(`segment ${i + 1} holds more than ${pixels} bytes`);
  }
  return out;
}
