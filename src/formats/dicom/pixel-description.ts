/**
 * How the samples of a DICOM picture are stored, as its header says.
 *
 * Reference:  DICOM PS3.3 C.7.6.3 (Image Pixel), C.7.6.6 (Multi-frame).
 */

import { XrayError } from "../../errors.ts";
import { byteSize, count } from "../../text.ts";
import { MAX_PIXELS } from "../limits.ts";
import { damaged, tagName } from "./damaged.ts";
import type { DicomElements } from "./elements.ts";
import type { DicomFile } from "./read-dicom.ts";

/** The image pixel module. */
export interface PixelDescription {
  readonly rows: number;
  readonly columns: number;
  /** 1 or 3. */
  readonly samplesPerPixel: number;
  /** `MONOCHROME1`, `MONOCHROME2`, `PALETTE COLOR`, `RGB`, `YBR_FULL`, … */
  readonly photometricInterpretation: string;
  /** Whether all samples of a colour come before those of the next, instead of pixel by pixel. */
  readonly isPlanar: boolean;
  /** 8, 16 or 32; 1 is refused. */
  readonly bitsAllocated: number;
  readonly bitsStored: number;
  readonly highBit: number;
  readonly isSigned: boolean;
  readonly frames: number;
}

const unsupported = (problem: string): XrayError =>
  new XrayError(
    "dicom/unsupported",
    `the DICOM file's picture ${problem}, which is not read; convert it, or export it as PNG`,
  );

/** Refuse a file without a picture, and say whether it once had one. */
function requirePixels({ elements, missing }: DicomFile): void {
  if (elements.raw("x7fe00010") !== undefined) return;
  if (missing > 0) {
    const last = [...elements.found.byTag.keys()].at(-1)!;
    const problem = `it ends within the attribute ${tagName(last)}, ${byteSize(missing)} short, before its pixel data`;
    throw damaged(problem, { missing });
  }
  if (elements.raw("x7fe00008") ?? elements.raw("x7fe00009")) throw unsupported("has floating-point pixels");
  throw new XrayError(
    "dicom/no-picture",
    "the DICOM file holds no picture, as a report or a directory does not; give the image objects of the study",
  );
}

/** A count from 1 on. */
function required(elements: DicomElements, tag: string, name: string): number {
  const value = elements.integer(tag);
  if (value === undefined || value < 1) throw damaged(`it does not say its picture's number of ${name}`);
  return value;
}

function sizeOf(elements: DicomElements): Pick<PixelDescription, "rows" | "columns"> {
  const rows = required(elements, "x00280010", "rows");
  const columns = required(elements, "x00280011", "columns");
  if (rows * columns <= MAX_PIXELS) return { rows, columns };
  const size = `${count(columns)} × ${count(rows)} pixels`;
  const message = `the DICOM file's picture has ${size}; at most ${count(MAX_PIXELS)} are decoded; shrink it first`;
  throw new XrayError("dicom/too-large", message, { columns, rows });
}

function bitsOf(elements: DicomElements): Pick<PixelDescription, "bitsAllocated" | "bitsStored" | "highBit"> {
  const bitsAllocated = required(elements, "x00280100", "bits");
  if (![8, 16, 32].includes(bitsAllocated)) throw unsupported(`has samples of ${bitsAllocated} bits`);
  const bitsStored = elements.integer("x00280101") ?? bitsAllocated;
  const highBit = elements.integer("x00280102") ?? bitsStored - 1;
  const isPossible =
    bitsStored >= 1 && bitsStored <= bitsAllocated && highBit >= bitsStored - 1 && highBit < bitsAllocated;
  if (isPossible) return { bitsAllocated, bitsStored, highBit };
  const problem = `samples of ${bitsAllocated} bits cannot hold ${bitsStored} bits up to bit ${highBit}`;
  throw damaged(problem, { bitsAllocated, bitsStored, highBit });
}

/** One frame unless the file says otherwise; some writers give 0 or nothing for one. */
function framesOf(elements: DicomElements): number {
  const frames = elements.integer("x00280008") ?? 1;
  if (frames < 0) throw damaged(`it has ${frames} frames`);
  return Math.max(1, frames);
}

/**
 * How a file's pixels are stored.
 *
 * Where the standard leaves no choice, or old files do not say, the usual value is filled in: one sample per pixel in a
 * monochrome picture, as many bits stored as allocated, unsigned.
 *
 * @throws  XrayError `dicom/no-picture`, `dicom/damaged`, `dicom/unsupported`, `dicom/too-large`.
 */
export function describePixels(file: DicomFile): PixelDescription {
  requirePixels(file);
  const { elements } = file;
  const given = elements.text("x00280004")?.toUpperCase();
  const samplesPerPixel = elements.integer("x00280002") ?? (given === undefined || isGrey(given) ? 1 : 3);
  if (samplesPerPixel !== 1 && samplesPerPixel !== 3)
    throw unsupported(`has ${samplesPerPixel} samples per pixel`);
  return {
    ...sizeOf(elements),
    ...bitsOf(elements),
    samplesPerPixel,
    photometricInterpretation: given ?? (samplesPerPixel === 1 ? "MONOCHROME2" : "RGB"),
    isPlanar: samplesPerPixel === 3 && elements.integer("x00280006") === 1,
    isSigned: elements.integer("x00280103") === 1,
    frames: framesOf(elements),
  };
}

const isGrey = (photometric: string): boolean =>
  photometric.startsWith("MONOCHROME") || photometric === "PALETTE COLOR";
