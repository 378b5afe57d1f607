/**
 * Codes of the concepts that reports are made of, each with its source.
 *
 * Knows:      codes. Those of findings are in `finding-codes.ts`.
 * Reference:  DICOM PS3.16 (tables of DCM codes in Annex D; LOINC codes in CID 7000 and 7001; UCUM in CID 82).
 */

import { attribute, type DataSet } from "./attributes.ts";

/** A code of a coding scheme. */
export interface Code {
  /** At most 16 characters. */
  readonly value: string;
  /** The scheme's designator, such as `DCM`. */
  readonly scheme: string;
  /** At most 64 characters. */
  readonly meaning: string;
}

/** The designator of the scheme that holds what has no verified code elsewhere; each object declares it. */
export const PRIVATE_SCHEME = "99MEDX";

const dcm = (value: string, meaning: string): Code => ({ value, scheme: "DCM", meaning });
const loinc = (value: string, meaning: string): Code => ({ value, scheme: "LN", meaning });
const own = (value: string, meaning: string): Code => ({ value, scheme: PRIVATE_SCHEME, meaning });

export const CODES = {
  // Titles and sections: CID 7000 and CID 7001.
  report: loinc("18748-4", "Diagnostic Imaging Report"),
  findings: loinc("59776-5", "Findings"),
  conclusions: loinc("55110-1", "Conclusions"),
  procedureDescriptions: loinc("55111-9", "Current Procedure Descriptions"),
  // Elements: CID 7002.
  finding: dcm("121071", "Finding"),
  conclusion: dcm("121077", "Conclusion"),
  procedureDescription: dcm("121065", "Procedure Description"),
  // Context: TID 1204, 1001, 1004 and 2000.
  language: dcm("121049", "Language of Content Item and Descendants"),
  english: { value: "en-US", scheme: "RFC5646", meaning: "English (United States)" },
  observerType: dcm("121005", "Observer Type"),
  device: dcm("121007", "Device"),
  deviceUid: dcm("121012", "Device Observer UID"),
  deviceName: dcm("121013", "Device Observer Name"),
  deviceManufacturer: dcm("121014", "Device Observer Manufacturer"),
  deviceModel: dcm("121015", "Device Observer Model Name"),
  procedure: dcm("121058", "Procedure reported"),
  chestXray: loinc("36554-4", "XR Chest Single view"),
  // Numbers and what they come from: TID 4019, CID 7003, CID 7464.
  algorithmName: dcm("111001", "Algorithm Name"),
  algorithmParameters: dcm("111002", "Algorithm Parameters"),
  algorithmVersion: dcm("111003", "Algorithm Version"),
  algorithmManufacturer: dcm("122405", "Algorithm Manufacturer"),
  derivation: dcm("121401", "Derivation"),
  probability: dcm("122157", "Probability"),
  sourceOfMeasurement: dcm("121112", "Source of Measurement"),
  operatingPoint: own("OPERATING-POINT", "Operating point"),
  calibrated: own("CALIBRATED-PROB", "Calibrated probability"),
  // Trees of measurements: TID 1500, 1501, 1600, 1602.
  imageLibrary: dcm("111028", "Image Library"),
  imageLibraryGroup: dcm("126200", "Image Library Group"),
  imagingMeasurements: dcm("126010", "Imaging Measurements"),
  measurementGroup: dcm("125007", "Measurement Group"),
  trackingIdentifier: dcm("112039", "Tracking Identifier"),
  trackingUid: dcm("112040", "Tracking Unique Identifier"),
  source: { value: "260753009", scheme: "SCT", meaning: "Source" },
  modality: dcm("121139", "Modality"),
  rows: dcm("110910", "Pixel Data Rows"),
  columns: dcm("110911", "Pixel Data Columns"),
  // Units.
  percent: { value: "%", scheme: "UCUM", meaning: "Percent" },
  pixels: { value: "{pixels}", scheme: "UCUM", meaning: "Pixels" },
  // Equipment and derivation: CID 7005 and CID 7202.
  processingEquipment: dcm("109102", "Processing Equipment"),
  sourceImage: dcm("121322", "Source image for image processing operation"),
} as const satisfies Readonly<Record<string, Code>>;

/** A code as an item of a sequence. */
export const codeItem = ({ value, scheme, meaning }: Code): DataSet => ({
  "00080100": attribute("SH", value),
  "00080102": attribute("SH", scheme),
  "00080104": attribute("LO", meaning),
});
