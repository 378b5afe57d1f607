/**
 * A file that an archive sent for an image: is it that image?
 *
 * Knows: DICOM headers. Files that cannot be read are not judged here; whoever reads them says what is wrong.
 */

import { readDicom } from "../../formats/dicom/read-dicom.ts";
import { type Asked, badAnswer } from "./failures.ts";
import type { ArchiveImage } from "./ports.ts";

const SOP_UID = "x00080018";
const STUDY_UID = "x0020000d";

/**
 * Refuse another image than the one that was asked for: its result would be put into another study.
 *
 * @throws  XrayError `pacs/bad-answer`.
 */
export async function checkImageFile(bytes: Uint8Array, image: ArchiveImage, asked: Asked): Promise<void> {
  let named: readonly (string | undefined)[];
  try {
    const { elements } = await readDicom(bytes);
    named = [elements.text(SOP_UID), elements.text(STUDY_UID)];
  } catch {
    return;
  }
  const [sopUid, studyUid] = named;
  if (
    (sopUid !== undefined && sopUid !== image.sopInstanceUid) ||
    (studyUid !== undefined && studyUid !== image.studyInstanceUid)
  )
    throw badAnswer(asked, "the archive sent another image than the one that was asked for");
}
