/**
 * Decodes images for the page, and keeps the last one, so that strokes of the eraser and finer maps need no decoding.
 *
 * Pipeline:   blob → bytes → samples → **8 bits, and a picture for the viewer**
 * Knows:      decoders. Not models.
 */

import { readSource } from "../../src/browser/bytes.ts";
import type { Places } from "../../src/browser/places.ts";
import { openPictureDecoder } from "../../src/browser/raster.ts";
import { MAX_IMAGE_BYTES } from "../../src/engine/limits.ts";
import { type ViewerDecoder, type ViewerPicture, viewerPicture } from "../../src/engine/viewer-picture.ts";
import { inFile, XrayError } from "../../src/errors.ts";
import { identify } from "../../src/formats/identify.ts";
import type { Preparation } from "../../src/image/preparation.ts";
import { type EightBitImage, eightBits } from "../../src/image/prepare.ts";
import type { SentImage } from "./page-calls.ts";

/** @throws  XrayError `browser/no-decoder`. */
async function loadDicomPictures(places: Places): Promise<ViewerDecoder> {
  try {
    const { openDicomPictures } = await import("./dicom-pictures.ts");
    return openDicomPictures(places);
  } catch (error) {
    const message =
      "the decoder of DICOM files could not be loaded; check the connection, and load the page again";
    throw new XrayError("browser/no-decoder", message, {}, error);
  }
}

/** Make a decoder of pictures, which starts at once, and of DICOM files, whose code is loaded when the first one comes. */
export function openViewerDecoder(places: Places): ViewerDecoder {
  const pictures = openPictureDecoder(places);
  // Whoever decodes a picture sees the failure.
  pictures.catch(() => undefined);
  let dicom: ViewerDecoder | undefined;
  return async (bytes, reading) => {
    if (identify(bytes) !== "dicom") return { image: await (await pictures)(bytes, reading) };
    dicom ??= await loadDicomPictures(places);
    return dicom(bytes, reading);
  };
}

/** A decoded image. Its original samples are gone; those of 8 bits stay. */
interface Kept {
  readonly key: string;
  readonly image: EightBitImage;
}

const keyOf = ({ key, reading }: SentImage): string => JSON.stringify([key, reading]);

/** Decodes images for one model. */
export class PageImages {
  readonly #decode: ViewerDecoder;
  readonly #preparation: Preparation;
  #kept: Kept | undefined;

  constructor(decode: ViewerDecoder, preparation: Preparation) {
    this.#decode = decode;
    this.#preparation = preparation;
  }

  /**
   * Decode an image.
   *
   * @returns  The image for the network, which stays here, and a picture whose arrays may be transferred.
   * @throws   XrayError that names the image.
   */
  async fresh(sent: SentImage): Promise<{ readonly image: EightBitImage; readonly picture: ViewerPicture }> {
    const { name, blob, reading } = sent;
    this.#kept = undefined;
    try {
      const bytes = await readSource({ name, data: blob }, MAX_IMAGE_BYTES);
      const { image: decoded, facts } = await this.#decode(bytes, reading);
      const eight = eightBits(decoded, this.#preparation);
      const picture = viewerPicture(eight, facts);
      const image = { ...eight, image: { ...decoded, data: new Uint8Array(0) } };
      this.#kept = { key: keyOf(sent), image };
      return { image, picture: { ...picture, shown: picture.shown.slice() } };
    } catch (error) {
      throw inFile(name, error);
    }
  }

  /** The last image if it is this one; otherwise it is decoded. */
  async again(sent: SentImage): Promise<EightBitImage> {
    const kept = this.#kept;
    return kept?.key === keyOf(sent) ? kept.image : (await this.fresh(sent)).image;
  }
}
