/**
 * The DICOM files of a folder in numbers.
 *
 * Knows: plain data. No attribute of a patient and no UID is counted.
 */

import { about, byName, just, type Of, object, text } from "../schema/schema.ts";
import { count, texts } from "./figures.ts";

/** Numbers of files by the value of an attribute, the most frequent first. */
type Counts = ReadonlyMap<string, number>;

/** The attributes that are counted. */
export const COUNTED = [
  "modalities",
  "bodyParts",
  "views",
  "presentationIntents",
  "photometricInterpretations",
  "transferSyntaxes",
  "bitsStored",
  "sizes",
] as const;

export type CountedAttribute = (typeof COUNTED)[number];

/** The DICOM files of a folder in numbers. A file without an attribute counts under "not given". */
export interface DicomSummary {
  /** Images whose headers could be read. */
  readonly images: number;
  /** Images with more than one frame. */
  readonly multiFrame: number;
  readonly unreadable: number;
  /** Files without a picture, by kind. */
  readonly objects: Counts;
  readonly counts: Readonly<Record<CountedAttribute, Counts>>;
}

const counts = (of: string) => about(`Images by ${of}, the most frequent first.`, byName(count()));

/** The DICOM files of a folder, as JSON. */
export const DICOM_PART = object({
  n_images: about("DICOM images whose headers could be read.", count()),
  n_multi_frame: about("Images with more than one frame.", count()),
  n_unreadable: about("DICOM files that could not be read.", count()),
  without_picture: about("DICOM files without a picture, by kind.", byName(count())),
  modalities: counts("Modality (0008,0060)"),
  body_parts: counts("Body Part Examined (0018,0015)"),
  views: counts("View Position (0018,5101)"),
  presentation_intents: counts("Presentation Intent Type (0008,0068)"),
  photometric_interpretations: counts("Photometric Interpretation (0028,0004)"),
  transfer_syntaxes: counts("the name of the transfer syntax"),
  bits_stored: counts("Bits Stored (0028,0101)"),
  sizes: counts("width and height in pixels, such as `2544x3056`"),
});

export type DicomPartJson = Of<typeof DICOM_PART>;

/** What `data summary --format json` prints for a folder of DICOM files without a label file. */
export const DICOM_SUMMARY = object({
  schema: just("medical-x/dicom-summary@1"),
  folder: text(),
  dicom: DICOM_PART,
  notes: texts(),
});

/** The same; as JSON Schema in `docs/schemas/dicom-summary.json`. */
export type DicomSummaryJson = Of<typeof DICOM_SUMMARY>;
