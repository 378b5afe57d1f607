/**
 * An image file to the network's input: read, decode, prepare.
 *
 * Pipeline:   **file → bytes → pixels → input**
 * Knows:      files and images. Not models.
 */

import type { Preparation } from "../image/preparation.ts";
import { type PreparedImage, prepareImage } from "../image/prepare.ts";
import { MAX_IMAGE_BYTES, readWhole } from "./files.ts";
import { decodeRaster } from "./raster.ts";

/** An image: a path, or the bytes of an image file. */
export type ImageSource = string | Uint8Array;

/** Read, decode and prepare one image. Throws as `readWhole`, `decodeRaster` and `prepareImage`. */
export async function prepareFile(source: ImageSource, preparation: Preparation): Promise<PreparedImage> {
  const bytes = typeof source === "string" ? await readWhole(source, MAX_IMAGE_BYTES) : source;
  return prepareImage(await decodeRaster(bytes), preparation);
}
