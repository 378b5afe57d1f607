/**
 * The overlay as a Secondary Capture: its pixels, and the modules around them.
 *
 * Its modality is DX, since OHIF shows one of modality OT with a player for films.
 *
 * Knows:      modules and their attributes.
 * Reference:  DICOM PS3.3, A.8.1 (Secondary Capture Image), C.7.6.1, C.7.6.3, C.8.6.
 */

import type { DicomElements } from "../../formats/dicom/elements.ts";
import { OWN_MODEL_NAME } from "../../formats/dicom/own-result.ts";
import type { DicomFile } from "../../formats/dicom/read-dicom.ts";
import { transferSyntaxOf } from "../../formats/dicom/transfer-syntax.ts";
import { VERSION } from "../../version.ts";
import type { RgbPixels } from "../overlay/pixels.ts";
import { attribute, type DataSet, sequence } from "./attributes.ts";
import { CODES, codeItem } from "./codes.ts";
import { type Device, MAKER } from "./equipment.ts";
import type { Moment } from "./moment.ts";
import { imageReference, type SourceImage } from "./source-image.ts";
import { codeString, term } from "./valid-values.ts";
import { RESEARCH_ONLY } from "./words.ts";

/** Series Description of overlays. */
export const OVERLAY_SERIES = "Medical-X overlay - research use only";

/** Directions of rows and columns (PS3.3, C.7.6.1.1.1), if the image's can be taken over; else none. */
function orientation(values: readonly string[]): readonly string[] {
  const isValid = values.length === 2 && values.every((value) => /^[ALPRHF]{1,3}$/.test(value));
  return isValid ? values : [];
}

/** The body part of whatever the model is for. It has both sides. */
const CHEST = "CHEST";

/** Body part and, where it may be one of a pair, the side: empty if the image does not say. */
function bodyPart(elements: DicomElements): DataSet {
  const part = codeString(elements.text("x00180015")) || CHEST;
  const side =
    part === CHEST ? {} : { "00200060": attribute("CS", term(elements.text("x00200060"), ["R", "L"])) };
  return { "00180015": attribute("CS", part), ...side };
}

/** Once an image has been compressed with loss, whatever is made of it says so. */
function lossiness({ elements, transferSyntaxUid }: DicomFile): DataSet {
  const isLossy = elements.text("x00282110")?.trim() === "01" || transferSyntaxOf(transferSyntaxUid).isLossy;
  return { "00282110": attribute("CS", isLossy ? "01" : "00") };
}

/** The attributes of the modules General Image, Image Pixel, General Reference and those of Secondary Capture. */
export function overlayImage(
  pixels: RgbPixels,
  file: DicomFile,
  source: SourceImage,
  device: Device,
  { date, time }: Moment,
): DataSet {
  const { elements } = file;
  const isBurnedIn = codeString(elements.text("x00280301")) === "YES";
  return {
    "00080008": attribute("CS", "DERIVED", "SECONDARY"),
    "00080060": attribute("CS", "DX"),
    "00080064": attribute("CS", "WSD"),
    "0008103E": attribute("LO", OVERLAY_SERIES),
    "00082111": attribute(
      "ST",
      `Heatmaps of the model ${device.modelName} (${device.modelHash}) over the image, drawn by Medical-X ${VERSION}.`,
    ),
    "00082112": sequence({ ...imageReference(source), "0040A170": sequence(codeItem(CODES.sourceImage)) }),
    ...bodyPart(elements),
    "00181012": attribute("DA", date),
    "00181014": attribute("TM", time),
    "00181016": attribute("LO", MAKER),
    "00181018": attribute("LO", OWN_MODEL_NAME),
    "00181019": attribute("LO", VERSION),
    "00200020": attribute("CS", ...orientation(elements.texts("x00200020"))),
    "00204000": attribute("LT", RESEARCH_ONLY),
    "00280002": attribute("US", 3),
    "00280004": attribute("CS", "RGB"),
    "00280006": attribute("US", 0),
    "00280010": attribute("US", pixels.height),
    "00280011": attribute("US", pixels.width),
    "00280100": attribute("US", 8),
    "00280101": attribute("US", 8),
    "00280102": attribute("US", 7),
    "00280103": attribute("US", 0),
    "00280301": attribute("CS", isBurnedIn ? "YES" : "NO"),
    ...lossiness(file),
    "7FE00010": attribute("OB", pixels.data),
  };
}
