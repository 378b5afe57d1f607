/**
 * The header of a DICOM file, without its pixels.
 *
 * Knows: files. What a header means is known by `formats/dicom/`.
 */

import { type FileHandle, open } from "node:fs/promises";
import { MAX_IMAGE_BYTES } from "../engine/limits.ts";
import { XrayError } from "../errors.ts";
import { type DicomFile, readDicom } from "../formats/dicom/read-dicom.ts";
import { identify } from "../formats/identify.ts";
import { fileError, readWhole } from "./files.ts";

/** How much of a file is read until its header is complete. Few headers are longer than the first; then all is read. */
const HEAD_BYTES = [16 * 1024, 512 * 1024];

const PIXEL_DATA = "x7fe00010";

async function readFrom(handle: FileHandle, length: number): Promise<Uint8Array> {
  const { buffer, bytesRead } = await handle.read(new Uint8Array(length), 0, length, 0);
  return buffer.subarray(0, bytesRead);
}

/** The attributes before the pixels, if these begin within the given bytes. */
async function headerIn(bytes: Uint8Array): Promise<DicomFile | undefined> {
  try {
    const file = await readDicom(bytes);
    return file.elements.raw(PIXEL_DATA) === undefined ? undefined : file;
  } catch {
    // It is cut short here, or damaged, which reading all of it tells.
    return undefined;
  }
}

/**
 * Read the header of a DICOM file. Its pixels are read only if they begin early, and then not all of them.
 *
 * @returns  The file's attributes; undefined if it is not a DICOM file.
 * @throws   XrayError `dicom/damaged`, `file/…`.
 */
export async function readDicomHeader(path: string): Promise<DicomFile | undefined> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(path, "r");
    if (!(await handle.stat()).isFile())
      throw new XrayError("file/not-regular", `${path}: this is not a file`, { file: path });
    for (const length of HEAD_BYTES) {
      const head = await readFrom(handle, length);
      if (identify(head) !== "dicom") return undefined;
      const found = await headerIn(head);
      if (found !== undefined) return found;
      if (head.length < length) break;
    }
  } catch (error) {
    throw fileError(path, error);
  } finally {
    await handle?.close();
  }
  return readDicom(await readWhole(path, MAX_IMAGE_BYTES));
}

/** SOP Instance UID of a DICOM file; undefined if it has none, or if it is no DICOM file that can be read. */
export async function sopInstanceUid(path: string): Promise<string | undefined> {
  const file = await readDicomHeader(path).catch(() => undefined);
  return file?.elements.text("x00080018");
}
