/**
 * Whose image it is, where no column says so: by the image's name.
 *
 * Knows:  how NIH, CheXpert and MIMIC-CXR name files. A split must keep a person's images together, so where nothing
 *         names the person, a note says so.
 */

/** Names that hold the patient: each pattern's first group. */
const NAMING: readonly { readonly pattern: RegExp; readonly says: string }[] = [
  { pattern: /^(?:.*\/)?0*(\d+)_\d{3}\.\w+$/, says: "as NIH names files: 00000013_005.png is patient 13" },
  { pattern: /(?:^|\/)patient0*(\d+)\//i, says: "as CheXpert names folders: patient00013/" },
  { pattern: /(?:^|\/)p\d{2}\/p(\d{8})\//, says: "as MIMIC-CXR names folders: p10/p10000032/" },
];

/** A patient for each image, and how it was found. */
export interface NamedPatients {
  readonly patients: readonly string[];
  readonly note: string;
}

/** The patients that the names of images tell, all in one way; or each image as a patient of its own. */
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
