/**
 * JPEG files as segments, and the faults on which no sample depends although a strict decoder complains about them.
 *
 * Knows:      markers. Not coefficients.
 * Reference:  ITU-T T.81, annex B; libjpeg's jdmarker.c for what a lenient reader skips.
 */

import { concatBytes, startsWith } from "../bytes.ts";
import type { Mended } from "./mended.ts";
import { firstPage, firstValue, openTiff, readDirectory } from "./tiff.ts";

const TEM = 0x01;
const SOI = 0xd8;
const EOI = 0xd9;
const SOS = 0xda;
const APP0 = 0xe0;
const APP2 = 0xe2;
const APP14 = 0xee;

/** MPF's tag for the number of pictures in a file (CIPA DC-007, 5.2.3.2). */
const MPF_COUNT = 0xb001;

/** A marker with what belongs to it: a segment and, after SOS, the entropy-coded data of the scan. */
interface Segment {
  readonly marker: number;
  /** From the marker's 0xff to the end of the segment, or of the scan. */
  readonly bytes: Uint8Array;
  /** Length of the segment including its marker; anything after it is a scan. */
  readonly head: number;
}

const isRestart = (marker: number): boolean => marker >= 0xd0 && marker <= 0xd7;

/** SOF0 … SOF15, without DHT, JPG and DAC, which are numbered among them. */
const isFrame = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;

const isProgressive = (frame: number): boolean => (frame & 3) === 2;

/** Position of the next marker's 0xff. Stray bytes before it are skipped, as in libjpeg's `next_marker`. */
function nextMarker(bytes: Uint8Array, from: number): number | undefined {
  for (let at = from; at + 1 < bytes.length; at++) {
    const next = bytes[at + 1]!;
    if (bytes[at] === 0xff && next !== 0 && next !== 0xff) return at;
  }
  return undefined;
}

/** Where a scan ends: at the first marker that is not a restart. */
function scanEnd(bytes: Uint8Array, from: number): number | undefined {
  let at = nextMarker(bytes, from);
  while (at !== undefined && isRestart(bytes[at + 1]!)) at = nextMarker(bytes, at + 2);
  return at;
}

/** A file's segments between SOI and EOI, without what lies between and after them. */
interface Segments {
  readonly segments: readonly Segment[];
  /** Whether there is an EOI. If not, the last segment may be incomplete. */
  readonly isWhole: boolean;
  /** Whether there are bytes other than fill bytes between the segments. */
  readonly hasStrays: boolean;
}

/** The segment or scan at a marker; undefined if it is not complete in the file. */
function segmentAt(bytes: Uint8Array, at: number): Segment | undefined {
  const marker = bytes[at + 1]!;
  if (isRestart(marker) || marker === TEM || marker === SOI)
    return { marker, bytes: bytes.subarray(at, at + 2), head: 2 };
  const head = 2 + ((bytes[at + 2] ?? 0) << 8) + (bytes[at + 3] ?? 0);
  const end = marker === SOS ? scanEnd(bytes, at + head) : at + head;
  if (head < 4 || end === undefined || end > bytes.length) return undefined;
  return { marker, bytes: bytes.subarray(at, end), head };
}

function segmentsOf(bytes: Uint8Array): Segments {
  const segments: Segment[] = [];
  let [from, hasStrays] = [2, false];
  for (;;) {
    const at = nextMarker(bytes, from);
    if (at === undefined) return { segments, isWhole: false, hasStrays };
    hasStrays ||= bytes.subarray(from, at).some((byte) => byte !== 0xff);
    if (bytes[at + 1] === EOI) return { segments, isWhole: true, hasStrays };
    const segment = segmentAt(bytes, at);
    if (segment === undefined) {
      const marker = bytes[at + 1]!;
      const head = Math.min(2 + ((bytes[at + 2] ?? 0) << 8) + (bytes[at + 3] ?? 0), bytes.length - at);
      return {
        segments: [...segments, { marker, bytes: bytes.subarray(at), head }],
        isWhole: false,
        hasStrays,
      };
    }
    segments.push(segment);
    from = at + segment.bytes.length;
  }
}

/** A segment with the given bytes at a position; the same segment if it has them already. */
function withBytes(segment: Segment, at: number, values: readonly number[]): Segment {
  if (values.every((value, i) => segment.bytes[at + i] === value)) return segment;
  const bytes = segment.bytes.slice();
  bytes.set(values, at);
  return { ...segment, bytes };
}

/** Replace an unknown transform in Adobe's segment by the usual one for so many components, as jdapimin.c reads it. */
function plainAdobe(segment: Segment, components: number): Segment {
  const at = 15;
  if (segment.bytes.length <= at || !startsWith(segment.bytes, "Adobe", 4)) return segment;
  const usual = components === 4 ? 2 : 1;
  return segment.bytes[at] === 0 ? segment : withBytes(segment, at, [usual]);
}

/** A segment as a strict decoder accepts it, and what is wrong with the original if they differ. */
function plainSegment(segment: Segment, frame: Segment): { readonly plain: Segment; readonly fault: string } {
  const { marker, bytes, head } = segment;
  // A sequential scan holds all coefficients, whatever its header says: Samsung's phones write Se = 0.
  if (marker === SOS && !isProgressive(frame.marker) && head >= 7 && bytes.length >= head)
    return {
      plain: withBytes(segment, head - 3, [0, 63, 0]),
      fault: "a scan header with wrong limits (Ss, Se, Ah, Al)",
    };
  if (marker === APP14)
    return { plain: plainAdobe(segment, frame.bytes[9] ?? 0), fault: "an unknown colour transform" };
  if (marker === APP0 && startsWith(bytes, "JFIF\0", 4) && bytes.length > 9)
    return { plain: withBytes(segment, 9, [1]), fault: "an unknown JFIF version" };
  return { plain: segment, fault: "" };
}

/** A file made of segments, which ends with an EOI only if the original did. */
function joined({ segments, isWhole }: Omit<Segments, "hasStrays">): Uint8Array {
  const end = isWhole ? [Uint8Array.of(0xff, EOI)] : [];
  return concatBytes([Uint8Array.of(0xff, SOI), ...segments.map(({ bytes }) => bytes), ...end]);
}

/** How many bytes libjpeg found left over after a scan's last block, and the marker that ended the scan. */
function leftOver(complaint: string): { count: number; marker: number } | undefined {
  const found = /(\d+) extraneous bytes before marker 0x([0-9a-f]{2})/.exec(complaint);
  return found === null ? undefined : { count: Number(found[1]), marker: Number.parseInt(found[2]!, 16) };
}

/**
 * The same picture without stray bytes between segments, with the right limits in sequential scans, and with versions
 * and transforms that decoders know.
 *
 * Nothing that is missing is made up: a truncated file stays truncated.
 *
 * @returns  Undefined if there is nothing to mend.
 */
export function mendJpeg(bytes: Uint8Array): Mended | undefined {
  const found = segmentsOf(bytes);
  const frame = found.segments.find(({ marker }) => isFrame(marker));
  if (frame === undefined) return undefined;
  const parts = found.segments.map((segment) => ({ segment, ...plainSegment(segment, frame) }));
  const faults = [
    ...(found.hasStrays ? ["stray bytes between segments"] : []),
    ...parts.filter(({ segment, plain }) => plain !== segment).map(({ fault }) => fault),
  ];
  if (faults.length === 0) return undefined;
  return {
    bytes: joined({ ...found, segments: parts.map(({ plain }) => plain) }),
    faults: [...new Set(faults)],
  };
}

/**
 * The same picture without the bytes that are left over after a scan's last block.
 *
 * @param complaint  The decoder's complaint about this very file.
 * @returns          Files to try in turn, because the bytes may be in any of several scans; a file from which they
 *                   were cut at the wrong place is damaged. None if the complaint is about something else, or about
 *                   bytes before a restart, where data is lost.
 */
export function* cutLeftOver(bytes: Uint8Array, complaint: string): Generator<Mended, void> {
  const extra = leftOver(complaint);
  if (extra === undefined || isRestart(extra.marker)) return;
  const found = segmentsOf(bytes);
  for (const [i, scan] of found.segments.entries()) {
    const isEndedSo = (found.segments[i + 1]?.marker ?? EOI) === extra.marker;
    if (scan.marker !== SOS || !isEndedSo || scan.bytes.length - scan.head <= extra.count) continue;
    const cut = { ...scan, bytes: scan.bytes.subarray(0, scan.bytes.length - extra.count) };
    yield {
      bytes: joined({ ...found, segments: found.segments.with(i, cut) }),
      faults: ["stray bytes after a scan"],
    };
  }
}

/** How many pictures a JPEG says it holds: several in a multi-picture file (MPO), otherwise 1. */
export function jpegPictures(bytes: Uint8Array): number {
  // Only the segments before the first scan matter.
  for (let at = nextMarker(bytes, 2); at !== undefined; ) {
    const marker = bytes[at + 1]!;
    if (marker === SOS || marker === EOI) return 1;
    const head = isRestart(marker) ? 2 : 2 + ((bytes[at + 2] ?? 0) << 8) + (bytes[at + 3] ?? 0);
    if (marker === APP2 && startsWith(bytes, "MPF\0", at + 4)) {
      const file = openTiff(bytes.subarray(at + 8, at + head));
      const directory = file && readDirectory(file, firstPage(file));
      return Math.max(1, (file && directory && firstValue(file, directory, MPF_COUNT)) ?? 1);
    }
    at = nextMarker(bytes, at + Math.max(head, 2));
  }
  return 1;
}
