/**
 * The stored samples of one frame, however they are encoded.
 *
 * Pipeline:   file → frame → **samples** → display
 * Knows:      transfer syntaxes. Not how samples are displayed.
 * Reference:  DICOM PS3.5, 8 and Annex A.
 */

import { XrayError } from "../../errors.ts";
import { damaged } from "../../formats/dicom/damaged.ts";
import { frameBytes } from "../../formats/dicom/frames.ts";
import type { PixelDescription } from "../../formats/dicom/pixel-description.ts";
import type { DicomFile } from "../../formats/dicom/read-dicom.ts";
import { decodeRle } from "../../formats/dicom/rle.ts";
import { transferSyntaxOf } from "../../formats/dicom/transfer-syntax.ts";
import { interleave, widenPairs } from "../../image/display/colour.ts";
import type { StoredSamples } from "../../image/display/stored-values.ts";
import type { FrameCodecs, StoredFrame } from "./frame-codecs.ts";

/** Samples, pixel by pixel, and what their colours are. */
export interface FrameSamples extends StoredSamples {
  readonly photometricInterpretation: string;
}

/** Words of 16 bits as this machine has them. */
function words(bytes: Uint8Array, isLittleEndian: boolean): Uint16Array {
  if (isLittleEndian) {
    const aligned = bytes.byteOffset % 2 === 0 ? bytes : bytes.slice();
    return new Uint16Array(aligned.buffer, aligned.byteOffset, aligned.byteLength >> 1);
  }
  const out = new Uint16Array(bytes.length >> 1);
  for (let i = 0; i < out.length; i++) out[i] = (bytes[2 * i]! << 8) | bytes[2 * i + 1]!;
  return out;
}

/** The 16 bits of each 32-bit sample that end at the high bit. */
function narrowed(bytes: Uint8Array, description: PixelDescription, isLittleEndian: boolean): StoredSamples {
  const { bitsStored, highBit, isSigned } = description;
  if (bitsStored > 16) {
    const message = `the DICOM file's samples have ${bitsStored} bits, but at most 16 are read; convert it, or export it as PNG`;
    throw new XrayError("dicom/unsupported", message, { bitsStored });
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const shift = highBit + 1 - bitsStored;
  const samples = new Uint16Array(bytes.length >> 2);
  for (let i = 0; i < samples.length; i++) samples[i] = view.getUint32(4 * i, isLittleEndian) >>> shift;
  return { samples, bitsStored, highBit: bitsStored - 1, isSigned };
}

function fromBytes(bytes: Uint8Array, description: PixelDescription, isLittleEndian: boolean): StoredSamples {
  const { bitsAllocated, bitsStored, highBit, isSigned } = description;
  if (bitsAllocated === 32) return narrowed(bytes, description, isLittleEndian);
  const samples = bitsAllocated === 16 ? words(bytes, isLittleEndian) : bytes;
  return { samples, bitsStored, highBit, isSigned };
}

/** Samples of YBR_FULL_422, whose pixels share their colours in pairs. PS3.3 C.7.6.3.1.2: 8 bits, and even rows. */
function sharedColours(stored: StoredSamples, { columns }: PixelDescription): StoredSamples {
  const { samples } = stored;
  if (!(samples instanceof Uint8Array)) {
    const message =
      "the DICOM file's pairs of pixels share colours of more than 8 bits, which are not read; convert it, or export it as PNG";
    throw new XrayError("dicom/unsupported", message);
  }
  if (columns % 2 === 1)
    throw damaged(`its pixels share their colours in pairs, but a row has ${columns} of them`, { columns });
  return { ...stored, samples: widenPairs(samples) };
}

/** Native samples: planes put together, pairs of YBR_FULL_422 widened. */
function native(bytes: Uint8Array, description: PixelDescription, isLittleEndian: boolean): StoredSamples {
  const stored = fromBytes(bytes, description, isLittleEndian);
  if (description.photometricInterpretation === "YBR_FULL_422") return sharedColours(stored, description);
  return description.isPlanar ? { ...stored, samples: interleave(stored.samples) } : stored;
}

/** Samples of a codec, as unsigned numbers. They may have fewer bits than the header allocates. */
function asUnsigned(samples: ArrayBufferView): Uint8Array | Uint16Array {
  const { buffer, byteOffset, byteLength } = samples;
  if (samples instanceof Uint8Array || samples instanceof Uint16Array) return samples;
  return samples instanceof Int8Array
    ? new Uint8Array(buffer, byteOffset, byteLength)
    : new Uint16Array(buffer, byteOffset, byteLength >> 1);
}

/**
 * The samples of a compressed frame. Those of a lossy one may lie beyond the bits that the header says are stored, so all
 * bits of the stream count; in a lossless one, the others hold overlays.
 */
function fromCodec(frame: StoredFrame, description: PixelDescription, isLossy: boolean): FrameSamples {
  const { photometricInterpretation } = frame;
  const { bitsStored, highBit, isSigned } = description;
  const samples = asUnsigned(frame.samples);
  if (isLossy && !isSigned && frame.bits > bitsStored) {
    const all = { bitsStored: frame.bits, highBit: frame.bits - 1, saidBits: bitsStored };
    return { samples, ...all, isSigned, photometricInterpretation };
  }
  return { samples, bitsStored, highBit, isSigned, photometricInterpretation };
}

/**
 * Read the samples of a frame.
 *
 * @param frame  Counted from 1.
 * @throws       XrayError `dicom/no-such-frame`, `dicom/damaged`, `dicom/unsupported`, `dicom/no-codec`.
 */
export async function frameSamples(
  file: DicomFile,
  description: PixelDescription,
  frame: number,
  codecs: FrameCodecs,
): Promise<FrameSamples> {
  const bytes = frameBytes(file, description, frame);
  const { photometricInterpretation, rows, columns, samplesPerPixel, bitsAllocated } = description;
  const { codec, isLossy, hasLittleEndianPixels } = transferSyntaxOf(file.transferSyntaxUid);
  if (codec === "none")
    return { ...native(bytes, description, hasLittleEndianPixels), photometricInterpretation };
  if (codec === "rle") {
    const unpacked = decodeRle(bytes, rows * columns, samplesPerPixel, bitsAllocated / 8);
    return { ...fromBytes(unpacked, description, true), photometricInterpretation };
  }
  return fromCodec(await codecs.decode(bytes, file.transferSyntaxUid, description), description, isLossy);
}
