/**
 * DICOM files to 8-bit grey or RGB, as they are displayed, with a receipt and notes.
 *
 * Pipeline:   bytes → attributes → **frame → samples → display** → colour → resize → crop → normalise
 * Knows:      DICOM files, and a port to decoders of compressed frames. Not models or findings.
 * Reference:  DICOM PS3.3 C.11, PS3.4 N.2; docs/dicom.md.
 */

import { quote, XrayError } from "../../errors.ts";
import { factsOf } from "../../formats/dicom/facts.ts";
import { surplusNote } from "../../formats/dicom/frames.ts";
import { describePixels, type PixelDescription } from "../../formats/dicom/pixel-description.ts";
import { type DicomFile, readDicom } from "../../formats/dicom/read-dicom.ts";
import { transferSyntaxOf } from "../../formats/dicom/transfer-syntax.ts";
import { ybrToRgb } from "../../image/display/colour.ts";
import { type Displayed, displayGrey } from "../../image/display/grey.ts";
import { applyPalette } from "../../image/display/palette.ts";
import type { StoredSamples } from "../../image/display/stored-values.ts";
import type { DecodedImage, ReadingOptions, VoiChoice } from "../../image/prepare.ts";
import type { Decoder } from "../ports.ts";
import { type FrameSamples, frameSamples } from "./dicom-samples.ts";
import { greyAttributes, paletteOf } from "./display-attributes.ts";
import type { FrameCodecs } from "./frame-codecs.ts";

/** The terms of PS3.3 C.7.6.3.1.2. */
const OTHER_COLOURS =
  /^(?:MONOCHROME[12]|PALETTE COLOR|RGB|HSV|ARGB|CMYK|YBR_(?:FULL|FULL_422|PARTIAL_42[02]|ICT|RCT)|XYB)$/;

const isGrey = (photometric: string): boolean =>
  photometric === "MONOCHROME1" || photometric === "MONOCHROME2";

/** The samples as the header describes them: `grey10 of 16`, `palette8`, `rgb8`. */
function describeSamples({ photometricInterpretation, bitsStored, bitsAllocated }: PixelDescription): string {
  const kind = isGrey(photometricInterpretation)
    ? "grey"
    : photometricInterpretation === "PALETTE COLOR"
      ? "palette"
      : "rgb";
  return `${kind}${bitsStored}${bitsStored === bitsAllocated ? "" : ` of ${bitsAllocated}`}`;
}

function decodeStep(description: PixelDescription, syntaxUid: string): string {
  const { columns, rows } = description;
  const { name, isLossy } = transferSyntaxOf(syntaxUid);
  const words = isLossy && !/lossless/.test(name) ? `${name} lossy` : name;
  return `decode dicom ${columns}x${rows} ${describeSamples(description)}, ${words}`;
}

/** Colours of more than 8 bits, scaled to 8 and rounded. */
function eightBitColours({ samples, bitsStored, highBit }: StoredSamples): Uint8Array {
  if (samples instanceof Uint8Array && bitsStored === 8) return samples;
  const [shift, mask] = [highBit + 1 - bitsStored, 2 ** bitsStored - 1];
  return Uint8Array.from(samples, (sample) => Math.round((((sample >> shift) & mask) * 255) / mask));
}

/** Interleaved RGB of a colour picture. Throws XrayError `dicom/unsupported`. */
function displayColour(stored: FrameSamples, file: DicomFile, description: PixelDescription): Displayed {
  const photometric = stored.photometricInterpretation;
  if (photometric === "PALETTE COLOR" && description.samplesPerPixel === 1) {
    const data = applyPalette(stored, paletteOf(file.elements, description));
    return { data, steps: ["palette to rgb"], notes: [] };
  }
  if (description.samplesPerPixel === 3) {
    if (photometric === "RGB") return { data: eightBitColours(stored), steps: [], notes: [] };
    if (photometric === "YBR_FULL" || photometric === "YBR_FULL_422") {
      return { data: ybrToRgb(eightBitColours(stored)), steps: [`${photometric} to rgb`], notes: [] };
    }
  }
  // Only known terms are repeated: in a damaged header, any text could stand here.
  const name = OTHER_COLOURS.test(photometric) ? quote(photometric) : "an unknown one";
  const message = `the DICOM file's picture has as its photometric interpretation ${name} with ${description.samplesPerPixel} samples per pixel, which is not read; convert it, or export it as PNG`;
  throw new XrayError("dicom/unsupported", message);
}

function display(picture: StoredPicture, voi: VoiChoice): Displayed {
  const { stored, file, description } = picture;
  if (!hasGreyLevels(picture)) return displayColour(stored, file, description);
  const { display: said, notes } = greyAttributes(file.elements, description);
  const displayed = displayGrey(stored, said, voi);
  return { ...displayed, notes: [...(voi === "default" ? notes : []), ...displayed.notes] };
}

/** The receipt's line and the note about which frame was read. */
function aboutFrame(frames: number, asked: number | undefined): { steps: string[]; notes: string[] } {
  if (frames === 1) return { steps: [], notes: [] };
  const steps = [`frame ${asked ?? 1} of ${frames}`];
  return asked === undefined
    ? {
        steps,
        notes: [`the file holds ${frames} frames; the first was read; the option frame reads another`],
      }
    : { steps, notes: [] };
}

/** One frame of a DICOM file, as stored. */
export interface StoredPicture {
  readonly file: DicomFile;
  readonly description: PixelDescription;
  readonly stored: FrameSamples;
}

/** Whether a frame has grey levels, which a window may change. */
export const hasGreyLevels = ({ stored, description }: StoredPicture): boolean =>
  isGrey(stored.photometricInterpretation) && description.samplesPerPixel === 1;

/** Read one frame of a DICOM file. Throws XrayError `dicom/…`. */
export async function readPicture(
  bytes: Uint8Array,
  { frame = 1 }: ReadingOptions,
  codecs: FrameCodecs,
): Promise<StoredPicture> {
  const file = await readDicom(bytes);
  const description = describePixels(file);
  return { file, description, stored: await frameSamples(file, description, frame, codecs) };
}

/** Turn a frame into an image. Throws XrayError `dicom/…`. */
export function displayPicture(
  picture: StoredPicture,
  { frame, voi = "default" }: ReadingOptions,
): DecodedImage {
  const { file, description } = picture;
  const displayed = display(picture, voi);
  const surplus = surplusNote(file, description);
  const about = aboutFrame(description.frames, frame);
  const { columns: width, rows: height } = description;
  return {
    width,
    height,
    channels: displayed.data.length === width * height ? 1 : 3,
    data: displayed.data,
    steps: [decodeStep(description, file.transferSyntaxUid), ...about.steps, ...displayed.steps],
    notes: [...file.notes, ...(surplus === undefined ? [] : [surplus]), ...about.notes, ...displayed.notes],
    header: factsOf(file),
  };
}

/**
 * Make a decoder of DICOM files. The decoder takes
 *
 * - `bytes`: a file with one or more frames of grey, palette or RGB samples, native or compressed;
 * - `reading`: which frame to read, and how its values become grey levels.
 *
 * It returns grey or RGB samples of 8 bits. It throws XrayError `dicom/…`.
 *
 * @param codecs  The decoders of compressed frames.
 */
export function dicomDecoder(codecs: FrameCodecs): Decoder {
  return async (bytes, reading = {}) => displayPicture(await readPicture(bytes, reading, codecs), reading);
}
