/**
 * Which column of a label file says what, by its name.
 *
 * Knows: how data sets spell their headers. Not what is in the rows.
 */

import { quote, XrayError } from "../errors.ts";

/** Case, spaces and punctuation do not tell columns apart. */
export const foldColumn = (name: string): string => name.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, "");

/** A role and the names that it goes by, the likeliest first. */
const SPELLINGS = {
  image: [
    ...["Image Index", "Path", "Path to Image", "Png Path", "Image Path", "File Path", "File Name"],
    ...["Image Name", "Image File", "Image", "File", "Image ID", "DICOM ID"],
  ],
  findings: ["Finding Labels", "Finding Label", "Labels"],
  patient: ["Patient ID", "Deid Patient ID", "Patient", "Subject ID", "Subject"],
  age: ["Patient Age", "Age"],
  sex: ["Patient Gender", "Patient Sex", "Sex", "Gender", "Patient Sex DICOM"],
  view: ["View Position", "View", "AP/PA", "Projection"],
  /** Frontal or lateral, where a column of its own says so. */
  side: ["Frontal/Lateral"],
  followUp: ["Follow-up #", "Follow-up", "Follow-up Number"],
  /** Year of birth and date of the image: an age, where no column has one. */
  birth: ["Patient Birth"],
  date: ["Study Date DICOM", "Study Date"],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** What a column can be, other than one finding's. */
export type ColumnRole = keyof typeof SPELLINGS;

/** Where each role stands; −1 where the file has no such column. */
export type Columns = Readonly<Record<ColumnRole, number>>;

/** Names of columns for a message. */
export function listColumns(header: readonly string[]): string {
  const shown = header.slice(0, 12).map(quote).join(", ");
  return header.length > 12 ? `${shown} and ${header.length - 12} more` : shown;
}

/** Is this line the heading of a column of images, and no image? */
export const namesImageColumn = (text: string): boolean =>
  SPELLINGS.image.some((spelling) => foldColumn(spelling) === foldColumn(text));

/** The column of a role, by its likeliest name; two of this name are refused. */
function findRole(header: readonly string[], folded: readonly string[], role: ColumnRole): number {
  for (const spelling of SPELLINGS[role]) {
    const at = folded.indexOf(foldColumn(spelling));
    if (at < 0) continue;
    const other = folded.indexOf(folded[at]!, at + 1);
    if (other < 0) return at;
    throw new XrayError(
      "labels/duplicate-column",
      `the columns ${quote(header[at])} and ${quote(header[other])} have the same name; rename or remove one`,
      { columns: [header[at], header[other]] },
    );
  }
  return -1;
}

/**
 * Find each role's column.
 *
 * @throws  XrayError `labels/no-image-column` where no column names the image; details `{ columns }`;
 *          `labels/duplicate-column` where two columns have the name of a role.
 */
export function findColumns(header: readonly string[]): Columns {
  const folded = header.map(foldColumn);
  const roles = Object.keys(SPELLINGS) as ColumnRole[];
  const columns = Object.fromEntries(roles.map((role) => [role, findRole(header, folded, role)])) as Columns;
  if (columns.image < 0) {
    throw new XrayError(
      "labels/no-image-column",
      `no column names the image; its columns are ${listColumns(header)}; name the one with file names or paths ${SPELLINGS.image.map(quote).join(", ")}`,
      { columns: header },
    );
  }
  return columns;
}
