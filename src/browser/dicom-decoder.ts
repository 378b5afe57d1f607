/**
 * The decoder of DICOM files in a browser, with the codecs of compressed frames. It is a script of its own, which is
 * fetched for the first DICOM file.
 *
 * Knows: which adapters there are. How files are decoded is in `engine/decode/`.
 */

import { dicomDecoder } from "../engine/decode/decode-dicom.ts";
import type { Decoder } from "../engine/ports.ts";
import { openFrameCodecs } from "./frame-codecs.ts";
import type { Places } from "./places.ts";

/** Make a decoder of DICOM files; see `dicomDecoder`. */
export const openDicomDecoder = (places: Places): Decoder => dicomDecoder(openFrameCodecs(places));
