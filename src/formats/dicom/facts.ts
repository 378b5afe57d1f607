/**
 * What a DICOM header says about its picture that matters to a reader, a check or a table.
 *
 * Knows: names of attributes. It holds no attribute of the patient and no free text, so all of it may be kept; the UID
 * is for looking up labels and for naming results on request, and never appears in messages.
 */

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
