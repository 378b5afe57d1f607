/**
 * What each finding is, in a sentence for people who are not radiologists.
 *
 * Knows: words. The sentences are general knowledge of radiology, and say nothing about any image. They stand here rather
 * than in src/findings.ts because only the page shows them, and the library for browsers is kept small.
 */

import { FINDINGS, matchLabel } from "../../src/findings.ts";

/** By the names of src/findings.ts. */
export const MEANINGS: Readonly<Record<string, string>> = {
  Atelectasis: "Part of a lung has lost air and volume, and looks denser and smaller than it should.",
  Cardiomegaly:
    "The heart's shadow is wider than usual: on an upright film taken from behind, more than half of the chest.",
  Effusion: "Fluid between lung and chest wall; it usually blunts the angle above the diaphragm.",
  Infiltration:
    "Something other than air, such as fluid or cells, makes part of a lung hazy; an older, loose term.",
  Mass: "A rounded spot in the lung that is larger than 3 cm.",
  Nodule: "A rounded spot in the lung of up to 3 cm.",
  Pneumonia: "An infection of the lung, which shows as hazy or dense areas.",
  Pneumothorax: "Air between lung and chest wall; beyond the lung's edge no vessels can be seen.",
  Consolidation: "Air spaces of a lung are filled, so that the area is white and hides its vessels.",
  Edema: "Fluid in the lung tissue, often with a hazy, butterfly-shaped pattern around its roots.",
  Emphysema: "Air spaces are enlarged; the lungs look too dark and too large, and the diaphragm flat.",
  Fibrosis: "Scarring of the lung, which shows as fine lines or a net.",
  Pleural_Thickening: "The lining between lung and chest wall is thicker than usual, often from scarring.",
  Hernia: "Part of the belly's content, usually the stomach, has moved up into the chest.",
};

/** The sentence for a label; undefined of labels that are not among the 14 findings. */
export function meaningOf(label: string): string | undefined {
  const name = matchLabel(
    label,
    FINDINGS.map((finding) => finding.name),
  );
  return name === undefined ? undefined : MEANINGS[name];
}
