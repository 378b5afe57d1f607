/**
 * Names of images that are SOP Instance UIDs, as tables of DICOM images use them.
 *
 * Knows:      names as text. Not files.
 * Reference:  DICOM PS3.5, 9.1: up to 64 characters, numbers with dots between them.
 */

import { fileNameOf, withoutEnding } from "./image-name.ts";

/** Two or three numbers are more likely a version or a page. */
const UID = /^(?:0|[1-9]\d*)(?:\.\d+){3,}$/;

/** The UID that a name is, apart from its folders and its extension; undefined if it is none. */
export function uidIn(name: string): string | undefined {
  const stem = withoutEnding(fileNameOf(name));
  return stem.length <= 64 && UID.test(stem) ? stem : undefined;
}
