/**
 * Check: is the image one for reading, not the raw one of the detector?
 *
 * Reads:      Presentation Intent Type (0008,0068) and SOP Class UID (0008,0016).
 * Reliable:   the SOP class decides how archives treat the file, so it is right as a rule. Only digital X-ray images
 *             have the attribute; computed radiography (CR) has not, and is `unknown`. No published figure is known.
 * Why:        raw images are linear in the detector's signal, without the contrast that models learned from.
 * Reference:  DICOM PS3.3 C.8.11.1 (DX Series), PS3.4 B.5 (SOP classes).
 */

import type { DicomFacts } from "../formats/dicom/facts.ts";
import type { Check, CheckOutcome } from "./check.ts";

const DX_FOR_PRESENTATION = "1.2.840.10008.5.1.4.1.1.1.1";
const DX_FOR_PROCESSING = "1.2.840.10008.5.1.4.1.1.1.1.1";

const check = (outcome: CheckOutcome, reason: string): Check => ({
  check: "presentation-intent",
  outcome,
  reason,
});

/** @param facts  The header; undefined for a picture that is no DICOM file. */
export function presentationIntent(facts: DicomFacts | undefined): Check {
  if (facts === undefined) return check("unknown", "The intent is unknown: the file is not DICOM.");
  const intent = facts.presentationIntent?.trim().toUpperCase();
  const raw = "a raw image that looks unlike those the model learned from";
  if (intent === "FOR PROCESSING")
    return check("warn", `Presentation Intent Type is "FOR PROCESSING": ${raw}.`);
  if (facts.sopClassUid === DX_FOR_PROCESSING)
    return check("warn", `The SOP class is that of digital X-ray images for processing: ${raw}.`);
  if (intent === "FOR PRESENTATION") return check("pass", 'Presentation Intent Type is "FOR PRESENTATION".');
  if (facts.sopClassUid === DX_FOR_PRESENTATION)
    return check("pass", "The SOP class is that of digital X-ray images for presentation.");
  return check("unknown", "The header does not say whether the image is for presentation or for processing.");
}
