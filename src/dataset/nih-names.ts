/**
 * How NIH names the images of ChestX-ray14: patient, follow-up, and no folder.
 *
 * Knows:      names. A name of this kind says which image it is, in whatever folder and format a copy lies.
 * Reference:  Data_Entry_2017.csv of Wang et al., ChestX-ray8, CVPR 2017.
 */

import { fileNameOf, withoutEnding } from "./image-name.ts";
import { PATIENTS } from "./nih-split-tables.ts";

/** Eight digits of the patient, three of the image. */
const NIH = /^\d{8}_\d{3}$/;
const NIH_LENGTH = 12;

/** NIH's name of an image, `00000013_005.png`, whatever its folder and format; undefined of images of other kinds. */
export function nihName(image: string): string | undefined {
  const stem = withoutEnding(fileNameOf(image));
  if (stem.length !== NIH_LENGTH || !NIH.test(stem)) return undefined;
  const patient = Number(stem.slice(0, 8));
  return patient >= 1 && patient <= PATIENTS ? `${stem}.png` : undefined;
}

/** The patient of an image that is called as NIH's are; undefined of others. */
export function nihPatient(image: string): number | undefined {
  const name = nihName(image);
  return name === undefined ? undefined : Number(name.slice(0, 8));
}
