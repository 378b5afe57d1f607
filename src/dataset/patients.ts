/**
 * The patients of images, found by the images' names if no column names them.
 *
 * Knows: how NIH, CheXpert and MIMIC-CXR name files. A split must keep each patient's images together, so a note says
 *        if nothing names the patient.
 */

/** Patterns of names that contain the patient, in the first group. */
const NAMING: readonly { readonly pattern: RegExp; readonly says: string }[] = [
  { pattern: /^(?:.*\/)?0*(\d+)_\d{3}\.\w+$/, says: "as NIH names files: 00000013_005.png is patient 13" },
  { pattern: /(?:^|\/)patient0*(\d+)\//i, says: "as CheXpert names folders: patient00013/" },
  { pattern: /(?:^|\/)p\d{2}\/p(\d{8})\//, says: "as MIMIC-CXR names folders: p10/p10000032/" },
];

/** A patient for each image, and a note on how these were found. */
export interface NamedPatients {
  readonly patients: readonly string[];
  readonly note: string;
}

/** The patients in images' names, if all names follow one pattern. If not, each image counts as a separate patient. */
export function patientsFromNames(names: readonly string[]): NamedPatients {
  for (const { pattern, says } of NAMING) {
    const matches = names.map((name) => pattern.exec(name)?.[1]);
    const patients = matches.filter((match) => match !== undefined);
    if (patients.length === names.length)
      return {
        patients,
        note: `no column names the patient; patients are taken from the images' names, ${says}`,
      };
  }
  return {
    patients: names,
    note: "no column names the patient (Patient ID): each image counts as a patient of its own, so images of one person may fall into both training and validation",
  };
}
