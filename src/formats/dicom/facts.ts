/**
 * What a DICOM header says about its picture that matters to a reader, a check or a table.
 *
 * Knows: names of attributes. It holds no attribute of the patient and no free text, so all of it may be kept; the UID
 * is for looking up labels and for naming results on request, and never appears in messages.
 */

import { sideOf } from "../../view-words.ts";
import type { DicomElements } from "./elements.ts";
import { isOwnResult } from "./own-result.ts";
import type { DicomFile } from "./read-dicom.ts";

/** A code of a coding scheme, such as 399348003 of SCT. */
export interface CodedEntry {
  readonly value: string;
  readonly scheme: string;
}

/** Facts of one DICOM file. Values are as in the file, without padding; an empty or absent attribute is undefined. */
export interface DicomFacts {
  /** SOP Instance UID (0008,0018). */
  readonly sopInstanceUid: string | undefined;
  /** SOP Class UID (0008,0016). */
  readonly sopClassUid: string | undefined;
  readonly transferSyntaxUid: string;
  /** Modality (0008,0060). */
  readonly modality: string | undefined;
  /** Body Part Examined (0018,0015). */
  readonly bodyPart: string | undefined;
  /** Anatomic Region Sequence (0008,2218). */
  readonly anatomicRegions: readonly CodedEntry[];
  /** View Position (0018,5101). */
  readonly viewPosition: string | undefined;
  /** View Code Sequence (0054,0220). */
  readonly viewCodes: readonly CodedEntry[];
  /** Patient Orientation (0020,0020): the directions of a row and of a column, such as L and F. */
  readonly patientOrientation: readonly string[];
  /** Whether the text of the series or protocol calls the view lateral. The text itself is not kept. */
  readonly isCalledLateral: boolean;
  /** Whether the picture is one that Medical-X drew (`own-result.ts`). */
  readonly isOwnResult: boolean;
  /** Presentation Intent Type (0008,0068). */
  readonly presentationIntent: string | undefined;
  /** Burned In Annotation (0028,0301). */
  readonly burnedInAnnotation: string | undefined;
  /** Photometric Interpretation (0028,0004). */
  readonly photometricInterpretation: string | undefined;
  /** Presentation LUT Shape (2050,0020). */
  readonly presentationLutShape: string | undefined;
  /** Pixel Intensity Relationship Sign (0028,1041). */
  readonly pixelIntensityRelationshipSign: number | undefined;
  /** Columns and rows of the picture. */
  readonly columns: number | undefined;
  readonly rows: number | undefined;
  readonly frames: number;
}

/** The first values of code sequences (PS3.3, 8.8). */
function codesOf(elements: DicomElements, tag: string): CodedEntry[] {
  return elements.sequence(tag).flatMap((item) => {
    const value = item.text("x00080100");
    return value === undefined ? [] : [{ value, scheme: item.text("x00080102") ?? "" }];
  });
}

/** Series Description, Protocol Name, and the name of the processing that the acquisition device chose. */
const VIEW_TEXTS = ["x0008103e", "x00181030", "x00181400"];

/** No text of these attributes is longer by the standard. */
const MAX_TEXT = 64;

/** Words for a lateral view in German, French, Spanish, Portuguese and Italian. */
const OTHER_WORDS = /(?<!\p{L})(?:seitl|seitlich|profil|perfil|laterale|latero-?laterale)(?!\p{L})/giu;

/** A view with dots after its letters: `p.a.`. */
const DOTTED = /(?<!\p{L})([ap])\.\s?([ap])(?!\p{L})/giu;

/** Whether a text names a lateral view and no other. */
const callsLateral = (text: string): boolean =>
  sideOf(text.slice(0, MAX_TEXT).replace(OTHER_WORDS, "lateral").replace(DOTTED, "$1$2")) === "lateral";

/** What the header says about the picture. Throws XrayError `dicom/damaged`. */
export function factsOf({ elements, transferSyntaxUid }: DicomFile): DicomFacts {
  return {
    sopInstanceUid: elements.text("x00080018"),
    sopClassUid: elements.text("x00080016"),
    transferSyntaxUid,
    modality: elements.text("x00080060"),
    bodyPart: elements.text("x00180015"),
    anatomicRegions: codesOf(elements, "x00082218"),
    viewPosition: elements.text("x00185101"),
    viewCodes: codesOf(elements, "x00540220"),
    patientOrientation: elements.texts("x00200020"),
    isCalledLateral: VIEW_TEXTS.some((tag) => callsLateral(elements.text(tag) ?? "")),
    isOwnResult: isOwnResult(elements),
    presentationIntent: elements.text("x00080068"),
    burnedInAnnotation: elements.text("x00280301"),
    photometricInterpretation: elements.text("x00280004"),
    presentationLutShape: elements.text("x20500020"),
    pixelIntensityRelationshipSign: elements.integer("x00281041"),
    columns: elements.integer("x00280011"),
    rows: elements.integer("x00280010"),
    frames: Math.max(1, elements.integer("x00280008") ?? 1),
  };
}
