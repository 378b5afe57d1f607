/**
 * Image files to pixels, with a receipt and notes. It works the same in Node and in a browser.
 *
 * Pipeline:   bytes → **decode** → 8 bits → colour → resize → crop → normalise
 * Knows:      a binding to libvips, by its interface. Not models or findings.
 *
 * Colour profiles and gamma chunks are ignored, as in PIL; alpha is dropped; EXIF rotation is applied, as in
 * `ImageOps.exif_transpose`.
 */

import { XrayError } from "../../errors.ts";
import { explainKind, type FileKind, identify } from "../../formats/identify.ts";
import { findPngDamage } from "../../formats/pictures/png.ts";
import { widenTwelve } from "../../formats/pictures/tiff-twelve.ts";
import type { Decoder } from "../ports.ts";
import { choosePicture, PICTURE_KINDS, type PictureKind } from "./chosen-picture.ts";
import { decoderReason } from "./decoder-words.ts";
import { decodeMended } from "./mended.ts";
import type { PictureLibrary } from "./picture-library.ts";
import { glanceAt } from "./strict.ts";

const isReadable = (kind: FileKind): kind is PictureKind => PICTURE_KINDS.has(kind);

function checkKind(bytes: Uint8Array): PictureKind {
  const kind = identify(bytes);
  if (isReadable(kind)) return kind;
  const words =
    explainKind(kind) ?? "this is not an image of a known format; PNG, JPEG, TIFF, WebP and DICOM are read";
  throw new XrayError("raster/not-an-image", words, { kind });
}

/**
 * Make a decoder of image files. The decoder takes
 *
 * - `bytes`: PNG (1 to 16 bits, grey, palette, RGB, with or without alpha), JPEG (including CMYK), TIFF or WebP;
 * - `reading`: which page of a TIFF to read.
 *
 * It returns grey or RGB samples of 8 or 16 bits, upright, without alpha, with notes about faults in the file's layout
 * and about other pictures in the file. It throws XrayError `raster/not-an-image`, `raster/too-large`,
 * `raster/elongated`, `raster/unsupported`, `raster/damaged`, `raster/no-such-page`.
 */
export function pictureDecoder(library: PictureLibrary): Decoder {
  return async (bytes, reading = {}) => {
    const kind = checkKind(bytes);
    try {
      const chosen = await choosePicture(kind, bytes, reading, (page) => glanceAt(library, page));
      const wide = kind === "tiff" ? widenTwelve(chosen.bytes) : undefined;
      const image = await decodeMended(library, kind, wide ?? chosen.bytes);
      const [decoded, ...others] = image.steps;
      return {
        ...image,
        ...(wide === undefined ? {} : { bits: 12 }),
        steps: [
          wide === undefined ? decoded! : decoded!.replace("grey16", "grey12"),
          ...chosen.steps,
          ...others,
        ],
        notes: [...chosen.notes, ...image.notes],
      };
    } catch (error) {
      if (error instanceof XrayError) throw error;
      const reason = (kind === "png" ? findPngDamage(bytes) : undefined) ?? decoderReason(error);
      throw new XrayError(
        "raster/damaged",
        `the ${kind} image cannot be decoded (${reason})`,
        { kind },
        error,
      );
    }
  };
}
