/**
 * The bytes of one frame.
 *
 * Knows:      where native and compressed frames lie. Not how samples are read from them.
 * Reference:  DICOM PS3.5, 8 and A.4.
 */

import { XrayError } from "../../errors.ts";
import { counted } from "../../text.ts";
import { damaged } from "./damaged.ts";
import { UNDEFINED_LENGTH } from "./element.ts";
import type { DicomElements } from "./elements.ts";
import { findFragments, fragmentsOfFrame, joinFragments } from "./fragments.ts";
import type { PixelDescription } from "./pixel-description.ts";
import type { DicomFile } from "./read-dicom.ts";
import { transferSyntaxOf } from "./transfer-syntax.ts";

const PIXELS = "x7fe00010";
const EXTENDED_OFFSETS = "x7fe00001";

/** Length of a native frame in bytes. Two pixels of YBR_FULL_422 share their colours. */
export function nativeFrameLength(description: PixelDescription): number {
  const { rows, columns, samplesPerPixel, bitsAllocated, photometricInterpretation } = description;
  const samples = photometricInterpretation === "YBR_FULL_422" ? 2 : samplesPerPixel;
  return rows * columns * samples * (bitsAllocated / 8);
}

/** The frame's bytes where all frames follow one another. */
function nativeFrame(elements: DicomElements, description: PixelDescription, frame: number): Uint8Array {
  const bytes = elements.bytes(PIXELS)!;
  const length = nativeFrameLength(description);
  const missing = frame * length - bytes.length;
  if (missing > 0) {
    const problem = `the pixel data of frame ${frame} is ${counted(missing, "byte")} short of ${counted(length, "byte")}`;
    throw damaged(problem, { missing, frame });
  }
  return bytes.subarray((frame - 1) * length, frame * length);
}

/**
 * What to say of native pixel data that is longer than its frames, which damage can make of it; undefined if it is not.
 * The standard allows one byte of padding.
 */
export function surplusNote({ elements }: DicomFile, description: PixelDescription): string | undefined {
  const bytes = elements.bytes(PIXELS);
  if (bytes === undefined) return undefined;
  const surplus = bytes.length - description.frames * nativeFrameLength(description);
  return surplus > 1
    ? `its pixel data is ${counted(surplus, "byte")} longer than its picture; they were left out`
    : undefined;
}

/** Samples of 8 bits that lie in big-endian words of 16, in their own order. */
function unswapped(bytes: Uint8Array, pixels: Uint8Array): Uint8Array {
  const first = bytes.byteOffset - pixels.byteOffset;
  return Uint8Array.from(bytes, (byte, i) => pixels[(first + i) ^ 1] ?? byte);
}

/**
 * The bytes of one frame.
 *
 * @param description  `describePixels(file)`.
 * @param frame        Counted from 1.
 * @returns            A whole compressed frame, its fragments joined; or exactly the samples of a native frame, in the
 *                     transfer syntax's byte order. A view of the file where that is possible.
 * @throws             XrayError `dicom/no-such-frame`, `dicom/damaged` (with the number of bytes that are missing),
 *                     `dicom/unsupported`.
 */
export function frameBytes(file: DicomFile, description: PixelDescription, frame: number): Uint8Array {
  const { frames } = description;
  if (!(Number.isInteger(frame) && frame >= 1 && frame <= frames)) {
    const has =
      frames === 1
        ? "only one; leave the frame out"
        : `${counted(frames, "frame")}; choose one from 1 to ${frames}`;
    const message = `frame ${frame} was asked for, but the DICOM file has ${has}`;
    throw new XrayError("dicom/no-such-frame", message, { wanted: frame, frames });
  }
  const { elements } = file;
  const pixels = elements.raw(PIXELS)!;
  const { isEncapsulated, isLittleEndian, name } = transferSyntaxOf(file.transferSyntaxUid);
  if (pixels.length === UNDEFINED_LENGTH) {
    if (!isEncapsulated) {
      const message = `the DICOM file's pixel data is compressed, but its transfer syntax (${name}) does not say how; convert it, or export it as PNG`;
      throw new XrayError("dicom/unsupported", message);
    }
    const fragments = findFragments(elements.source, pixels);
    const offsets = elements.numbers(EXTENDED_OFFSETS);
    const list = fragmentsOfFrame(elements.source, fragments, offsets, frames, frame);
    return joinFragments(elements.source, list);
  }
  if (isEncapsulated) throw damaged(`its pixel data is not compressed as its transfer syntax (${name}) says`);
  const bytes = nativeFrame(elements, description, frame);
  const isSwapped = !isLittleEndian && description.bitsAllocated === 8 && pixels.vr === "OW";
  return isSwapped ? unswapped(bytes, elements.bytes(PIXELS)!) : bytes;
}
