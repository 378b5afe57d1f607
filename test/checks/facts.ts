/** Headers for tests: empty but for what a test says. */

import type { DicomFacts } from "../../src/formats/dicom/facts.ts";

const EMPTY: DicomFacts = {
  sopInstanceUid: undefined,
  sopClassUid: undefined,
  transferSyntaxUid: "1.2.840.10008.1.2.1",
  modality: undefined,
  bodyPart: undefined,
  anatomicRegions: [],
  viewPosition: undefined,
  viewCodes: [],
  patientOrientation: [],
  isCalledLateral: false,
  isOwnResult: false,
  presentationIntent: undefined,
  burnedInAnnotation: undefined,
  photometricInterpretation: "MONOCHROME2",
  presentationLutShape: undefined,
  pixelIntensityRelationshipSign: undefined,
  columns: 8,
  rows: 8,
  frames: 1,
};

export const header = (says: Partial<DicomFacts>): DicomFacts => ({ ...EMPTY, ...says });
