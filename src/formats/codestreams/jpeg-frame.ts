/**
 * What a JPEG or JPEG-LS stream says about its picture, and whether the stream is whole.
 *
 * Knows:      markers. Not coefficients.
 * Reference:  ITU-T T.81, annex B; ITU-T T.87, annex C (SOF55).
 */

import { startsWith } from "../bytes.ts";

const EOI = 0xd9;
const SOS = 0xda;
const SOF55 = 0xf7;

/** The picture of a JPEG or JPEG-LS stream. */
export interface JpegFrame {
  /** The marker of its frame: 0xc0 baseline, 0xc1 extended, 0xc2 progressive, 0xc3 lossless, 0xf7 JPEG-LS. */
  readonly marker: number;
  readonly width: number;
  readonly height: number;
  readonly components: number;
  readonly bits: number;
  /** Whether the stream itself says that its colours are YCbCr; undefined if it does not say. */
  readonly isYcc: boolean | undefined;
  /** Of the first scan of JPEG-LS: 0 by planes, 1 by lines, 2 by pixels. */
  readonly interleave: number;
  /** How many scans the stream has. A progressive picture has up to a few dozen, and each costs a pass over it. */
  readonly scans: number;
  /** Whether there is an end marker after which nothing but padding follows. */
  readonly isWhole: boolean;
}

/** SOF0 … SOF15, without DHT, JPG and DAC, which are numbered among them; and that of JPEG-LS. */
const isFrame = (marker: number): boolean =>
  marker === SOF55 ||
  (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc);

/** Whether the stream ends with EOI, followed by no more than padding. */
function endsWhole(bytes: Uint8Array): boolean {
  let end = bytes.length;
  while (end > 0 && (bytes[end - 1] === 0 || bytes[end - 1] === 0xff)) end--;
  return end > 1 && bytes[end - 1] === EOI && bytes[end - 2] === 0xff;
}

/** The number of scan headers. In compressed data, 0xff is followed by 0, so that they cannot be mistaken. */
function countScans(bytes: Uint8Array): number {
  let scans = 0;
  for (let at = bytes.indexOf(0xff); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
    if (bytes[at + 1] === SOS) scans++;
  }
  return scans;
}

/** What an APPn segment says about colours. */
function colourOf(marker: number, segment: Uint8Array): boolean | undefined {
  if (marker === 0xee && startsWith(segment, "Adobe") && segment.length >= 12) return segment[11] !== 0;
  return marker === 0xe0 && startsWith(segment, "JFIF\0") ? true : undefined;
}

/** Segments up to the first scan. Stops where the stream does not go on with a marker. */
function* segmentsOf(bytes: Uint8Array): Generator<{ readonly marker: number; readonly data: Uint8Array }> {
  for (let at = 2; at + 4 <= bytes.length; ) {
    if (bytes[at] !== 0xff) return;
    const marker = bytes[at + 1]!;
    if (marker === 0xff) {
      at++;
      continue;
    }
    const length = (bytes[at + 2]! << 8) | bytes[at + 3]!;
    if (length < 2 || at + 2 + length > bytes.length) return;
    yield { marker, data: bytes.subarray(at + 4, at + 2 + length) };
    if (marker === SOS) return;
    at += 2 + length;
  }
}

/**
 * Read the header of a JPEG or JPEG-LS stream.
 *
 * @returns  Undefined if it does not begin as one, or has no frame header before its first scan.
 */
export function readJpegFrame(bytes: Uint8Array): JpegFrame | undefined {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) return undefined;
  let frame: Omit<JpegFrame, "isYcc" | "interleave" | "scans" | "isWhole"> | undefined;
  let isYcc: boolean | undefined;
  for (const { marker, data } of segmentsOf(bytes)) {
    if (marker === SOS) {
      if (frame === undefined) return undefined;
      const interleave = data[data.length - 2] ?? 0;
      return { ...frame, isYcc, interleave, scans: countScans(bytes), isWhole: endsWhole(bytes) };
    }
    // Adobe's segment says more than that of JFIF, and comes after it.
    isYcc = colourOf(marker, data) ?? isYcc;
    if (isFrame(marker) && data.length >= 6) {
      const word = (at: number): number => (data[at]! << 8) | data[at + 1]!;
      frame = { marker, bits: data[0]!, height: word(1), width: word(3), components: data[5]! };
    }
  }
  return undefined;
}
