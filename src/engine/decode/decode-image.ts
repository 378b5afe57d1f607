/**
 * Images of all kinds to pixels: DICOM files one way, pictures the other.
 *
 * Knows: which decoder reads which kind of file.
 */

import { identify } from "../../formats/identify.ts";
import type { Decoder } from "../ports.ts";

/**
 * Make a decoder of images from one of DICOM files and one of pictures. See `dicomDecoder` and `pictureDecoder`.
 */
export function imageDecoder(dicom: Decoder, picture: Decoder): Decoder {
  return (bytes, reading) => (identify(bytes) === "dicom" ? dicom : picture)(bytes, reading);
}
