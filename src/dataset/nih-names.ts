/**
 * How NIH names the images of ChestX-ray14: by patient and follow-up, without a folder.
 *
 * Knows:      names. Such a name identifies an image, whatever the folder and the format of a copy.
 * Reference:  Data_Entry_2017.csv of Wang et al., ChestX-ray8, CVPR 2017.
 */

import { fileNameOf, withoutEnding } from "./image-name.ts";
import { PATIENTS } from "./nih-split-tables.ts";

/** Eight digits for the patient, three for the image. */
const NIH = /^\d{8}_\d{3}$/;
const NIH_LENGTH = 12;

/** NIH's name for an image, `00000013_005.png`, whatever its folder and format; undefined for other images. */
export function nihName(image: string): string | undefined {
  const stem = withoutEnding(fileNameOf(image));
  if (stem.length !== NIH_LENGTH || !NIH.test(stem)) return undefined;
  const patient = Number(stem.slice(0, 8));
  return patient >= 1 && patient <= PATIENTS ? `${stem}.png` : undefined;
}

/** The patient of an image with one of NIH's names; undefined for other images. */
export function nihPatient(image: string): number | undefined {
  const name = nihName(image);
  return name === undefined ? undefined : Number(name.slice(0, 8));
}
