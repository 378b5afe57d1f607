/**
 * A picture whose layout may have faults that no sample depends on: decoded as it is, or mended and decoded again.
 *
 * Knows: how much may be taken out of a file. Not how pictures are decoded.
 *
 * A decoder that only warns fills what is missing with grey; so warnings are errors, and what is harmless is taken out of
 * the file. What the decoder complains of then is damage.
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

/** Scans that bytes may be left over behind; more are not tried. */
const MAX_TRIES = 8;

/** The same picture without faults that no sample depends on; undefined where none is found. */
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

/** Decode strictly; undefined where the decoder complains, of whatever: its words are mixed with those about other images. */
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
