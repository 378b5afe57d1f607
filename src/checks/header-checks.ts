/**
 * The checks that read a DICOM header.
 *
 * Knows: which they are. A picture without a header has all of them, with the outcome `unknown`.
 */

import type { DicomFacts } from "../formats/dicom/facts.ts";
import { bodyPart } from "./body-part.ts";
import { burnedIn } from "./burned-in.ts";
import type { Check } from "./check.ts";
import { modality } from "./modality.ts";
import { presentationIntent } from "./presentation-intent.ts";
import { view } from "./view.ts";

/** @param pixels  What the checks of the pixels say. */
export function headerChecks(header: DicomFacts | undefined, pixels: readonly Check[]): readonly Check[] {
  const frontalChest = pixels.find(({ check }) => check === "frontal-chest");
  return [
    modality(header, frontalChest),
    bodyPart(header),
    view(header),
    presentationIntent(header),
    burnedIn(header),
  ];
}
