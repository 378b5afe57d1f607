/**
 * Decodes compressed frames strictly with the module of dcmjs-codecs.
 *
 * Knows: what codestreams say about themselves, and what of it must agree with the header. Not DICOM attributes.
 *
 * The module decodes much damaged data without an error. So a stream is checked before it is decoded: its size, samples
 * and bits against the header, and whether it is whole; and what the decoder complains about is an error.
 */

import { XrayError } from "../../errors.ts";
import { readJpegFrame } from "../../formats/codestreams/jpeg-frame.ts";
import { readCodestream } from "../../formats/codestreams/jpeg2000.ts";
import type { PixelDescription } from "../../formats/dicom/pixel-description.ts";
import { type TransferSyntax, transferSyntaxOf } from "../../formats/dicom/transfer-syntax.ts";
import { interleave } from "../../image/display/colour.ts";
import { count } from "../../text.ts";
import { type CodecJob, type CodecLoader, CodecModule } from "./codec-module.ts";
import type { FrameCodecs, StoredFrame } from "./frame-codecs.ts";

/** A frame that may be decoded. */
interface Checked {
  readonly job: CodecJob;
  /** Whether the samples come plane by plane. */
  readonly isPlanar: boolean;
  readonly photometricInterpretation: string;
}

function damaged(name: string, what: string, cause?: unknown): XrayError {
  const message = `the ${name} picture in the DICOM file is damaged: ${what}; fetch or export it again`;
  return new XrayError("dicom/damaged", message, {}, cause);
}

/** The error for a picture with something that is not read. */
function unsupported(name: string, what: string): XrayError {
  const message = `the ${name} picture in the DICOM file has ${what} that is not read; convert it, or export it as PNG`;
  return new XrayError("dicom/unsupported", message);
}

const size = (width: number, height: number): string => `${width}×${height}`;

/** Whether a stream's picture is the one that the header describes. Throws XrayError `dicom/damaged`. */
function checkPicture(
  name: string,
  found: {
    readonly width: number;
    readonly height: number;
    readonly components: number;
    readonly bits: number;
  },
  { rows, columns, samplesPerPixel, bitsAllocated }: PixelDescription,
): void {
  if (found.width !== columns || found.height !== rows) {
    const sizes = `${size(found.width, found.height)} pixels, but the header says ${size(columns, rows)}`;
    throw damaged(name, `it has ${sizes}`);
  }
  if (found.components !== samplesPerPixel)
    throw damaged(name, `it has ${found.components} colours, but the header says ${samplesPerPixel}`);
  if (found.bits > bitsAllocated)
    throw damaged(name, `its samples have ${found.bits} bits, but the header says ${bitsAllocated}`);
}

/** The processes of each kind of stream, by the marker of its frame. */
const JPEG_FRAMES = new Set([0xc0, 0xc1, 0xc2, 0xc3]);
const JPEG_LS_FRAME = 0xf7;

/**
 * Scans of a JPEG and tiles of a JPEG 2000 that are decoded. Real pictures have fewer; more would only cost time, which a
 * small file could make minutes of.
 */
const MOST_SCANS = 100;
const MOST_TILES = 4_096;

/** Refuse a stream that is cut into too many parts. */
function checkParts(name: string, parts: number, most: number, what: string): void {
  if (parts <= most) return;
  const message = `the ${name} picture in the DICOM file has ${count(parts)} ${what}, but at most ${count(most)} are read; convert it, or export it as PNG`;
  throw new XrayError("dicom/unsupported", message, { parts });
}

function checkJpeg(name: string, isLs: boolean, bytes: Uint8Array, description: PixelDescription): Checked {
  const frame = readJpegFrame(bytes);
  if (frame === undefined) throw damaged(name, "its header cannot be read");
  if (isLs ? frame.marker !== JPEG_LS_FRAME : !JPEG_FRAMES.has(frame.marker))
    throw damaged(name, "it is compressed in another way than the header says");
  checkPicture(name, frame, description);
  checkParts(name, frame.scans, MOST_SCANS, "scans");
  if (!frame.isWhole) throw damaged(name, "it ends before its end marker");
  const { width, height, components, bits } = frame;
  const said = description.photometricInterpretation;
  const toRgb = !isLs && components === 3 && (said.startsWith("YBR") || frame.isYcc === true);
  return {
    job: {
      codec: isLs ? "JpegLs" : "Jpeg",
      bytes,
      width,
      height,
      components,
      bits,
      isSigned: false,
      toRgb,
    },
    isPlanar: isLs && components === 3 && frame.interleave === 0,
    photometricInterpretation: toRgb ? "RGB" : said,
  };
}

function checkJpeg2000(
  name: string,
  isHt: boolean,
  file: Uint8Array,
  description: PixelDescription,
): Checked {
  const stream = readCodestream(file);
  const first = stream?.components[0];
  if (stream === undefined || first === undefined) throw damaged(name, "its header cannot be read");
  const { width, height, components, bytes, fault } = stream;
  if (stream.isMulticomponent) throw unsupported(name, "a transform between its colours or frames");
  checkPicture(name, { width, height, components: components.length, bits: first.bits }, description);
  if (fault !== undefined) throw damaged(name, fault);
  checkParts(name, stream.tiles, MOST_TILES, "tiles");
  const isUniform = components.every((one) => one.bits === first.bits && one.isFull);
  if (!isUniform || (!isHt && components.length > 1 && first.bits > 8))
    throw unsupported(name, "colours that are stored in a way");
  const said = description.photometricInterpretation;
  return {
    job: {
      codec: isHt ? "HtJpeg2000" : "Jpeg2000",
      bytes,
      width,
      height,
      components: components.length,
      // The decoder of HTJ2K clips negative samples of 8 bits.
      bits: isHt && first.isSigned ? Math.max(9, first.bits) : first.bits,
      isSigned: first.isSigned,
      toRgb: false,
    },
    isPlanar: false,
    photometricInterpretation: said === "YBR_ICT" || said === "YBR_RCT" ? "RGB" : said,
  };
}

function check(syntax: TransferSyntax, bytes: Uint8Array, description: PixelDescription): Checked {
  const { codec, name } = syntax;
  if (codec === "jpeg" || codec === "jpeg-ls")
    return checkJpeg(name, codec === "jpeg-ls", bytes, description);
  if (codec === "jpeg-2000" || codec === "htj2k")
    return checkJpeg2000(name, codec === "htj2k", bytes, description);
  const message = `the DICOM file is compressed as ${name}, which is not read; convert it, or export it as PNG`;
  throw new XrayError("dicom/unsupported", message);
}

/** 8 bits as they are; 16 as words, which the module writes in little endian, as all machines have it. */
function samplesOf({ isPlanar, job }: Checked, bytes: Uint8Array): Uint8Array | Uint16Array {
  const samples =
    job.bits > 8 ? new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 2) : bytes;
  return isPlanar ? interleave(samples) : samples;
}

/** The decoders of compressed frames. The module is loaded when the first frame comes. */
export class WasmFrameCodecs implements FrameCodecs {
  readonly #load: CodecLoader;
  #module: Promise<CodecModule> | undefined;

  constructor(load: CodecLoader) {
    this.#load = load;
  }

  async decode(bytes: Uint8Array, syntaxUid: string, description: PixelDescription): Promise<StoredFrame> {
    const syntax = transferSyntaxOf(syntaxUid);
    const checked = check(syntax, bytes, description);
    this.#module ??= CodecModule.start(this.#load);
    const module = await this.#module.catch((error: unknown) => {
      this.#module = undefined;
      throw error;
    });
    const { samples, complaint } = this.#run(module, syntax.name, checked.job);
    const { width, height, components, bits } = checked.job;
    if (complaint !== undefined) throw damaged(syntax.name, complaint);
    if (samples.length !== width * height * components * (bits > 8 ? 2 : 1))
      throw damaged(syntax.name, "it does not hold all samples");
    return {
      samples: samplesOf(checked, samples),
      photometricInterpretation: checked.photometricInterpretation,
      bits,
    };
  }

  #run(module: CodecModule, name: string, job: CodecJob): { samples: Uint8Array; complaint?: string } {
    try {
      return module.decode(job);
    } catch (error) {
      // What a trap leaves behind is not to be trusted.
      this.#module = undefined;
      throw damaged(name, "it cannot be decoded", error);
    }
  }
}
