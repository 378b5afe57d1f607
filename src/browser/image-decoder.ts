/**
 * The decoder of images in a browser: pictures by wasm-vips, which starts at once; DICOM files by code that is loaded when
 * the first one comes.
 *
 * Knows: which adapters there are. How images are decoded is in `engine/decode/`.
 */

import { imageDecoder } from "../engine/decode/decode-image.ts";
import type { Decoder } from "../engine/ports.ts";
import { XrayError } from "../errors.ts";
import type { Places } from "./places.ts";
import { openPictureDecoder } from "./raster.ts";

/** @throws  XrayError `browser/no-decoder`. */
async function loadDicomDecoder(places: Places): Promise<Decoder> {
  try {
    const { openDicomDecoder } = await import("./dicom-decoder.ts");
    return openDicomDecoder(places);
  } catch (error) {
    const message =
      "the decoder of DICOM files could not be loaded; serve its script dicom-decoder.js beside the others";
    throw new XrayError("browser/no-decoder", message, {}, error);
  }
}

/**
 * Make a decoder of image files; see `pictureDecoder` and `dicomDecoder`. It throws what these throw, and XrayError
 * `browser/no-decoder`.
 */
export function openImageDecoder(places: Places): Decoder {
  const pictures = openPictureDecoder(places);
  // Whoever decodes a picture sees the failure.
  pictures.catch(() => undefined);
  let dicom: Decoder | undefined;
  return imageDecoder(
    async (bytes, reading) => {
      dicom ??= await loadDicomDecoder(places);
      return dicom(bytes, reading);
    },
    async (bytes, reading) => (await pictures)(bytes, reading),
  );
}
