/**
 * Decodes a picture as it is, or mends harmless faults in its layout first.
 *
 * Knows: how much may be removed from a file. Not how pictures are decoded.
 *
 * A decoder that only warns fills missing parts with grey. So warnings are treated as errors, and harmless faults, on
 * which no sample depends, are removed from the file. Whatever the decoder still complains about is damage.
 */

import { XrayError } from "../../errors.ts";
import { cutLeftOver, mendJpeg } from "../../formats/pictures/jpeg.ts";
import type { Mended } from "../../formats/pictures/mended.ts";
import { mendPng } from "../../formats/pictures/png.ts";
import { mendTiff } from "../../formats/pictures/tiff-mend.ts";
import type { DecodedImage } from "../../image/prepare.ts";
import type { PictureKind } from "./chosen-picture.ts";
import { decoderReason } from "./decoder-words.ts";
import type { PictureLibrary } from "./picture-library.ts";
import { decodeStrictly, type StrictImage } from "./strict.ts";

/** Maximum number of scans after which leftover bytes are looked for. */
const MAX_TRIES = 8;

/** The same picture without faults that no sample depends on; undefined if there are none. */
function mend(kind: PictureKind, bytes: Uint8Array): Mended | undefined {
  switch (kind) {
    case "jpeg":
      return mendJpeg(bytes);
    case "png":
      return mendPng(bytes);
    case "tiff":
      return mendTiff(bytes);
    case "webp":
      return undefined;
  }
}

/** Decode strictly; undefined if the decoder complains at all, as its messages may be about other images. */
/** Decode a file, mending faults of its layout if needed. Throws XrayError `raster/…`, or what the library throws. */
async function tryStrictly(
  library: PictureLibrary,
  kind: PictureKind,
  bytes: Uint8Array,
): Promise<StrictImage | undefined> {
  try {
    return await library.amongOthers(() => decodeStrictly(library, kind, bytes));
  } catch (error) {
    if (error instanceof XrayError) throw error;
    return undefined;
  }
}

const noted = (image: StrictImage, faults: readonly string[]): DecodedImage => ({
  ...image,
  notes:
    faults.length === 0 ? [] : [`all samples were read, although the layout is faulty: ${faults.join(", ")}`],
});

/** Decode a file, mended where its layout has such faults. Throws XrayError `raster/…`, or what the library throws. */
export async function decodeMended(
  library: PictureLibrary,
  kind: PictureKind,
  bytes: Uint8Array,
): Promise<DecodedImage> {
  const image = await tryStrictly(library, kind, bytes);
  if (image !== undefined) return noted(image, []);
  const mended = mend(kind, bytes);
  const second = mended && (await tryStrictly(library, kind, mended.bytes));
  if (second !== undefined) return noted(second, mended!.faults);
  const { bytes: file, faults } = mended ?? { bytes, faults: [] };
  try {
    return noted(await library.alone(() => decodeStrictly(library, kind, file)), faults);
  } catch (error) {
    let tries = kind === "jpeg" ? MAX_TRIES : 0;
    for (const cut of cutLeftOver(file, decoderReason(error))) {
      if (tries-- <= 0) break;
      const third = await tryStrictly(library, kind, cut.bytes);
      if (third !== undefined) return noted(third, [...faults, ...cut.faults]);
    }
    throw error;
  }
}
