/**
 * Check: is the image an X-ray image, as far as the header's Modality says, and do the pixels agree?
 *
 * Reads:       Modality (0008,0060), which is mandatory, and what `frontal-chest` says of the pixels.
 * Reliable:    devices write it themselves, so it is seldom wrong on originals. Scanned films and screenshots are what
 *              it cannot tell: they are OT, or keep the code of the device that they were sent from. So a header alone
 *              only warns, and an image is refused only if its pixels do not look like a frontal chest X-ray either.
 * Reference:   DICOM PS3.3 C.7.3.1.1.1, the defined terms of Modality. `DR` and `XR` are no defined terms but are found.
 */

import { quote } from "../errors.ts";
import type { DicomFacts } from "../formats/dicom/facts.ts";
import type { Check, CheckOutcome } from "./check.ts";

/** Radiographs: what chest X-rays are sent as. */
const RADIOGRAPHS = ["CR", "DX", "RG", "DR", "XR"];

/** X-rays, but as a rule no radiographs of the chest. */
const OTHER_XRAYS: Readonly<Record<string, string>> = {
  RF: "fluoroscopy",
  XA: "angiography",
};

/** Codes that say nothing about how the image was made. */
const ANYTHING = ["OT", "SC", "HC", "DG"];

/** Images of other kinds. */
const NO_RADIOGRAPHS: Readonly<Record<string, string>> = {
  BMD: "bone densitometry",
  CT: "computed tomography",
  ECG: "electrocardiography",
  ES: "endoscopy",
  GM: "microscopy",
  IO: "a dental X-ray",
  IVUS: "intravascular ultrasound",
  MG: "mammography",
  MR: "magnetic resonance",
  NM: "nuclear medicine",
  OCT: "optical coherence tomography",
  OP: "ophthalmic photography",
  OPT: "ophthalmic tomography",
  PT: "positron emission tomography",
  PX: "a panoramic X-ray",
  RTIMAGE: "a radiotherapy image",
  SM: "slide microscopy",
  TG: "thermography",
  US: "ultrasound",
  XC: "photography",
};

const isKnown = (term: string): boolean =>
  RADIOGRAPHS.includes(term) || ANYTHING.includes(term) || term in OTHER_XRAYS || term in NO_RADIOGRAPHS;

const check = (outcome: CheckOutcome, reason: string): Check => ({ check: "modality", outcome, reason });

/**
 * @param facts   The header; undefined for a picture that is no DICOM file.
 * @param pixels  What `frontal-chest` says; undefined where that was not asked.
 * @returns       `refuse` only if the code is that of another kind of image and `frontal-chest` does not pass.
 */
export function modality(facts: DicomFacts | undefined, pixels: Check | undefined): Check {
  if (facts === undefined) return check("unknown", "The modality is unknown: the file is not DICOM.");
  const value = facts.modality?.trim().toUpperCase();
  if (value === undefined || value === "") return check("unknown", "The header does not say the modality.");
  // Only known terms are repeated: other texts could name the patient.
  if (!isKnown(value)) return check("unknown", "Modality is not a term that is known here.");
  const named = `Modality is ${quote(value)}`;
  if (RADIOGRAPHS.includes(value)) return check("pass", `${named}, a radiograph.`);
  const xray = OTHER_XRAYS[value];
  if (xray !== undefined) return check("warn", `${named} (${xray}), but the model is for radiographs.`);
  if (ANYTHING.includes(value)) return check("unknown", `${named}, which can be any kind of image.`);
  return against(`${named} (${NO_RADIOGRAPHS[value]})`, pixels?.outcome);
}

/** The header speaks against the image: what do the pixels say? */
function against(named: string, pixels: CheckOutcome | undefined): Check {
  if (pixels === "warn" || pixels === "refuse")
    return check("refuse", `${named}, and the picture does not look like a frontal chest X-ray either.`);
  if (pixels === "pass")
    return check("warn", `${named}, although the picture looks like a frontal chest X-ray.`);
  return check("warn", `${named}, but the model is for chest X-rays.`);
}
