/**
 * DICOMDIR files: which image files they list.
 *
 * Knows:      directory records. Not the file system.
 * Reference:  DICOM PS3.3, F.3; PS3.10, 8.
 */

import type { DicomFile } from "./read-dicom.ts";

const MEDIA_STORAGE_DIRECTORY = "1.2.840.10008.1.3.10";
const RECORDS = "x00041220";

/** Whether the file is a directory of other files. */
export const isDicomDir = ({ meta, elements }: DicomFile): boolean =>
  meta.text("x00020002") === MEDIA_STORAGE_DIRECTORY || elements.raw(RECORDS) !== undefined;

/** A name of one file or folder; not `..`, nothing absolute, no separators, drives or control characters. */
const isSafe = (component: string): boolean =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
  !/^\.{0,2}$|[/\\:\u0000-\u001f]/.test(component);

/**
 * The files that a DICOMDIR lists as images, each as the names on the way from the DICOMDIR's folder.
 *
 * Records that are marked as unused are left out, and so are paths that could lead out of the folder.
 *
 * @throws  XrayError `dicom/damaged`.
 */
export function referencedFiles({ elements }: DicomFile): string[][] {
  const paths = elements.sequence(RECORDS).flatMap((record) => {
    const path = record.texts("x00041500");
    const isImage = record.text("x00041430") === "IMAGE" && record.integer("x00041410") !== 0;
    return isImage && path.length > 0 && path.every(isSafe) ? [[...path]] : [];
  });
  return [...new Map(paths.map((path) => [path.join("\\"), path])).values()];
}
