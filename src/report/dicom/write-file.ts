/**
 * Data sets to the bytes of DICOM files: the only place that loads dcmjs, and only when an object is written.
 *
 * Knows:      dcmjs.
 * Reference:  DICOM PS3.10, 7.1 (File Meta Information); PS3.5, A.2 (Explicit VR Little Endian).
 */

import { VERSION } from "../../version.ts";
import { attribute, type DataSet } from "./attributes.ts";
import { uidOf } from "./uids.ts";

const EXPLICIT_LITTLE_ENDIAN = "1.2.840.10008.1.2.1";

/** Text is written as UTF-8. */
const UTF_8 = "ISO_IR 192";

/**
 * A DICOM file in explicit VR little endian.
 *
 * @param set  A whole data set but for its character set. Its values are valid: nothing is checked again.
 */
export async function dicomFile(set: DataSet): Promise<Uint8Array> {
  const { data } = await import("dcmjs");
  const meta = {
    "00020001": attribute("OB", Uint8Array.of(0, 1).buffer),
    "00020002": set["00080016"]!,
    "00020003": set["00080018"]!,
    "00020010": attribute("UI", EXPLICIT_LITTLE_ENDIAN),
    "00020012": attribute("UI", await uidOf("implementation")),
    "00020013": attribute("SH", `MEDICAL-X ${VERSION}`.slice(0, 16)),
  };
  const file = new data.DicomDict(meta);
  file.dict = { ...set, "00080005": attribute("CS", UTF_8) };
  // Lengths were cut by characters, of which one may be two of JavaScript's units.
  return new Uint8Array(file.write({ allowInvalidVRLength: true }));
}
