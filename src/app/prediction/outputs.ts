/**
 * The folders that a run writes to, checked and made before anything is computed.
 *
 * Knows: files. Not what is written.
 */

import { XrayError } from "../../errors.ts";
import { checkWritable, fileError } from "../../node/files.ts";
import { makeFolders } from "../../node/make-folder.ts";
import { counted } from "../../text.ts";
import type { PredictionRequest } from "./request.ts";

async function makeFolder(folder: string): Promise<void> {
  await checkWritable(folder);
  await makeFolders(folder).catch((error) => {
    throw fileError(folder, error);
  });
}

/**
 * Whether overlays are saved as pictures. Those of several images need a folder; without one they may be asked for as
 * DICOM objects alone.
 */
export const savesPictures = ({ gradcam, out, dicomOut }: PredictionRequest, images: number): boolean =>
  gradcam && (out !== undefined || images === 1 || dicomOut === undefined);

/**
 * Make the folders that a request names.
 *
 * @param images  How many images there are.
 * @throws        XrayError `predict/needs-out`, `file/…`.
 */
export async function prepareOutput(request: PredictionRequest, images: number): Promise<void> {
  const { out, dicomOut } = request;
  if (savesPictures(request, images) && out === undefined && images > 1) {
    const message = `heatmaps of ${counted(images, "image")} need a folder for the pictures; name one`;
    throw new XrayError("predict/needs-out", message, { images });
  }
  if (out !== undefined) await makeFolder(out);
  if (dicomOut !== undefined) await makeFolder(dicomOut);
}
