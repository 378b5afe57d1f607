/**
 * The decoder of images in Node: pictures by sharp, DICOM files with the codecs of compressed frames.
 *
 * Knows: which adapters there are. How images are decoded is in `engine/decode/`.
 */

import { dicomDecoder } from "../engine/decode/decode-dicom.ts";
import { imageDecoder } from "../engine/decode/decode-image.ts";
import { frameCodecs } from "./frame-codecs.ts";
import { decodeRaster } from "./raster.ts";

/** Decode an image file; see `pictureDecoder` and `dicomDecoder`. */
export const decodeImage = imageDecoder(dicomDecoder(frameCodecs), decodeRaster);
