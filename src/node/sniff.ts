/**
 * Tells by a file's first bytes whether it is a picture or a DICOM file, and what kind of object the latter holds.
 *
 * Knows: how files begin. It reads no more than that.
 */

import { PICTURE_KINDS } from "../engine/decode/chosen-picture.ts";
import { isDicomDir } from "../formats/dicom/dicomdir.ts";
import { readDicom } from "../formats/dicom/read-dicom.ts";
import { type ObjectKind, objectKind } from "../formats/dicom/sop-class.ts";
import { identify } from "../formats/identify.ts";
import { readHead } from "./files.ts";

/** Enough for the preamble and the first attributes, among them the SOP class. */
const HEAD_BYTES = 1024;

async function kindOfObject(head: Uint8Array): Promise<ObjectKind> {
  try {
    const file = await readDicom(head);
    return isDicomDir(file)
      ? "directory"
      : objectKind(file.meta.text("x00020002") ?? file.elements.text("x00080016"));
  } catch {
    // Reading the whole file says what is wrong with it.
    return "image";
  }
}

/**
 * Look at the beginning of a file.
 *
 * @returns  `picture`, the kind of a DICOM object, or undefined for anything else, such as a file that cannot be read.
 */
export async function sniff(path: string): Promise<"picture" | ObjectKind | undefined> {
  const head = await readHead(path, HEAD_BYTES).catch(() => undefined);
  if (head === undefined) return undefined;
  const kind = identify(head);
  if (kind === "dicom") return kindOfObject(head);
  return PICTURE_KINDS.has(kind) ? "picture" : undefined;
}
