/**
 * Which column of a label file says what, by its name.
 *
 * Knows: how data sets spell their headers. Not what is in the rows.
 */

import { quote, XrayError } from "../errors.ts";

/** Case, spaces and punctuation do not tell columns apart. */
const fold = (name: string): string => name.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, "");

/** A role and the names that it goes by, the likeliest first. */
const SPELLINGS = {
  image: [
    ...["Image Index", "Path", "Image Path", "File Path", "File Name", "Image Name", "Image File", "Image"],
    ...["File", "Image ID"],
  ],
  findings: ["Finding Labels", "Finding Label", "Labels"],
  patient: ["Patient ID", "Patient", "Subject ID", "Subject"],
  age: ["Patient Age", "Age"],
  sex: ["Patient Gender", "Patient Sex", "Sex", "Gender"],
  view: ["View Position", "View", "AP/PA", "Projection"],
  followUp: ["Follow-up #", "Follow-up", "Follow-up Number"],
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
  SPELLINGS.image.some((spelling) => fold(spelling) === fold(text));

/**
 * Find each role's column.
 *
 * @throws  XrayError `labels/no-image-column` where no column names the image; details `{ columns }`.
 */
export function findColumns(header: readonly string[]): Columns {
  const folded = header.map(fold);
  const find = (role: ColumnRole): number => {
    for (const spelling of SPELLINGS[role]) {
      const at = folded.indexOf(fold(spelling));
      if (at >= 0) return at;
    }
    return -1;
  };
  const roles = Object.keys(SPELLINGS) as ColumnRole[];
  const columns = Object.fromEntries(roles.map((role) => [role, find(role)])) as Columns;
  if (columns.image < 0) {
    throw new XrayError(
      "labels/no-image-column",
      `no column names the image; its columns are ${listColumns(header)}; call the one with file names or paths ${SPELLINGS.image.map(quote).join(", ")}`,
      { columns: header },
    );
  }
  return columns;
}
