/**
 * The role of each column of a label file, judged by its name.
 *
 * Knows: how data sets spell their headers. Not what is in the rows.
 */

import { quote, XrayError } from "../errors.ts";

/** A column's name without what does not distinguish it: case, spaces and punctuation. */
export const foldColumn = (name: string): string => name.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, "");

/** Each role with the names of its column, most likely first. */
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
  /** Whether an image is frontal or lateral, if a separate column says so. */
  side: ["Frontal/Lateral"],
  followUp: ["Follow-up #", "Follow-up", "Follow-up Number"],
  /** Year of birth and, below, date of the image, from which the age follows if no column has it. */
  birth: ["Patient Birth"],
  date: ["Study Date DICOM", "Study Date"],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** The roles that a column can have, besides that of a single finding. */
export type ColumnRole = keyof typeof SPELLINGS;

/** The index of each role's column; −1 if the file has no such column. */
export type Columns = Readonly<Record<ColumnRole, number>>;

/** The names of columns, for a message. */
export function listColumns(header: readonly string[]): string {
  const shown = header.slice(0, 12).map(quote).join(", ");
  return header.length > 12 ? `${shown} and ${header.length - 12} more` : shown;
}

/** Whether a line is the heading of a column of images, and not an image. */
export const namesImageColumn = (text: string): boolean =>
  SPELLINGS.image.some((spelling) => foldColumn(spelling) === foldColumn(text));

/** The column of a role, by the most likely name that occurs. Two columns with that name are refused. */
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
 * @throws  XrayError `labels/no-image-column` if no column names the image, with details `{ columns }`;
 *          `labels/duplicate-column` if two columns have the name of a role.
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
