/**
 * Check: is text burned into the picture, as far as the header says?
 *
 * Reads:      Burned In Annotation (0028,0301).
 * Reliable:   YES is. NO is written by devices without looking, and stays in copies onto which text was drawn later. It
 *             is optional in computed radiography, and often missing. No published figure is known.
 * Why:        burned-in text may name the patient, and networks have learned to go by such marks.
 * Reference:  DICOM PS3.3 C.7.6.1 (General Image) and C.8.11.3 (DX Image, where it is mandatory).
 */

import type { DicomFacts } from "../formats/dicom/facts.ts";
import type { Check, CheckOutcome } from "./check.ts";

const check = (outcome: CheckOutcome, reason: string): Check => ({ check: "burned-in", outcome, reason });

/** @param facts  The header; undefined for a picture that is no DICOM file. */
export function burnedIn(facts: DicomFacts | undefined): Check {
  if (facts === undefined) return check("unknown", "Burned-in text is not known of: the file is not DICOM.");
  const value = facts.burnedInAnnotation?.trim().toUpperCase();
  if (value === "NO") return check("pass", 'Burned In Annotation is "NO".');
  if (value === "YES")
    return check(
      "warn",
      'Burned In Annotation is "YES": text in the picture may mislead the model or name the patient.',
    );
  return check("unknown", "The header does not say whether text is burned into the picture.");
}
