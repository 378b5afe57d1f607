/**
 * DICOM files for a viewer: the image, the values behind its grey levels, and the spacing of its pixels.
 *
 * Pipeline:   bytes → stored samples → **image and values**
 * Knows:      attributes. How values become grey levels is in `image/display/`.
 * Reference:  DICOM PS3.3 C.11.1 (Rescale Type), 10.7 (Pixel Spacing, Imager Pixel Spacing, and their calibration).
 */

import type { DicomElements } from "../../formats/dicom/elements.ts";
import { viewerValues } from "../../image/display/viewer-values.ts";
import type { ReadingOptions } from "../../image/prepare.ts";
import type { GreyFacts, Spacing, ViewerImage } from "../viewer-picture.ts";
import { displayPicture, hasGreyLevels, readPicture, type StoredPicture } from "./decode-dicom.ts";
import { greyAttributes } from "./display-attributes.ts";
import type { FrameCodecs } from "./frame-codecs.ts";

const PIXEL_SPACING = "x00280030";
const IMAGER_PIXEL_SPACING = "x00181164";
const CALIBRATION_TYPE = "x00280a02";
const RESCALE_TYPE = "x00281054";

/** Units are short terms. Free text that someone put there is not repeated, and `US` means that the unit is not known. */
const UNIT = /^(?!US$)[A-Z][A-Z0-9_%]{0,15}$/i;

/** Distances between rows and between columns, both above 0. */
function distances(elements: DicomElements, tag: string): readonly [number, number] | undefined {
  const [row, column] = elements.numbers(tag);
  if (row === undefined || column === undefined || !(row > 0) || !(column > 0)) return undefined;
  return Number.isFinite(row * column) ? [row, column] : undefined;
}

function spacingOf(elements: DicomElements): Spacing | undefined {
  const [own, imager] = [distances(elements, PIXEL_SPACING), distances(elements, IMAGER_PIXEL_SPACING)];
  if (own !== undefined) {
    const [row, column] = own;
    const isSame = imager?.[0] === row && imager[1] === column;
    const isAtDetector = isSame && elements.text(CALIBRATION_TYPE) === undefined;
    return { row, column, source: "PixelSpacing", isAtDetector };
  }
  if (imager === undefined) return undefined;
  const [row, column] = imager;
  return { row, column, source: "ImagerPixelSpacing", isAtDetector: true };
}

function factsOf(picture: StoredPicture, { voi = "default" }: ReadingOptions): GreyFacts {
  const { file, description, stored } = picture;
  const { elements } = file;
  const spacing = spacingOf(elements);
  const where = spacing === undefined ? {} : { spacing };
  if (!hasGreyLevels(picture)) return where;
  const { display } = greyAttributes(elements, description);
  const { values, window, padding } = viewerValues(stored, display, voi);
  const unit =
    display.modality?.kind === "rescale" && voi !== "full-range" ? elements.text(RESCALE_TYPE) : undefined;
  return {
    ...where,
    values,
    ...(window === undefined ? {} : { window }),
    ...(padding === undefined ? {} : { padding }),
    inverted: display.inversion !== undefined,
    ...(unit !== undefined && UNIT.test(unit) ? { unit } : {}),
  };
}

/** Decode a DICOM file for a viewer. Throws XrayError `dicom/…`, as `dicomDecoder` does. */
export async function decodeDicomForViewer(
  bytes: Uint8Array,
  reading: ReadingOptions,
  codecs: FrameCodecs,
): Promise<ViewerImage> {
  const picture = await readPicture(bytes, reading, codecs);
  return { image: displayPicture(picture, reading), facts: factsOf(picture, reading) };
}
