/**
 * The decoder of DICOM files, with the codecs of compressed frames. It is a script of its own, which is fetched for the first
 * DICOM file.
 *
 * Knows: which adapters there are. How files are decoded is in `src/engine/decode/`.
 */

import { openFrameCodecs } from "../../src/browser/frame-codecs.ts";
import type { Places } from "../../src/browser/places.ts";
import { decodeDicomForViewer } from "../../src/engine/decode/viewer-dicom.ts";
import type { ViewerDecoder } from "../../src/engine/viewer-picture.ts";

/** Make a decoder of DICOM files; see `decodeDicomForViewer`. */
export function openDicomPictures(places: Places): ViewerDecoder {
  const codecs = openFrameCodecs(places);
  return (bytes, reading) => decodeDicomForViewer(bytes, reading, codecs);
}
