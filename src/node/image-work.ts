/**
 * What is done with image files: preparing one for the network, and drawing heatmaps over one.
 *
 * Pipeline:   file → bytes → pixels → **input**;  **pixels + maps → JPEG**
 * Knows:      files. Runs on a worker thread (`image-worker.ts`).
 */

import type { ImageRequest, ImageSource } from "../engine/ports.ts";
import { prepareView } from "../engine/prepare-view.ts";
import type { Preparation } from "../image/preparation.ts";
import type { DecodedImage, PreparedImage, ReadingOptions } from "../image/prepare.ts";
import { drawOverlay } from "../report/overlay/draw.ts";
import { MAX_IMAGE_BYTES, readWhole } from "./files.ts";
import type { Drawing } from "./image-jobs.ts";
import { decodeRaster, encodeJpeg } from "./raster.ts";

/** Does the work on image files, one after the other. Remembers the last image that it decoded. */
export class ImageWork {
  #last: { source: ImageSource; page: number | undefined; image: Promise<DecodedImage> } | undefined;

  /** Read and decode. Throws as `readWhole` and `decodeRaster`. */
  decode(source: ImageSource, reading: ReadingOptions = {}): Promise<DecodedImage> {
    const { page } = reading;
    if (this.#last?.source === source && this.#last.page === page) return this.#last.image;
    const image = decodeSource(source, reading);
    this.#last = { source, page, image };
    return image;
  }

  /** Prepare an image; decoding begins before the preparation is known. */
  async prepare(
    { source, view, reading }: ImageRequest,
    preparation: Promise<Preparation>,
  ): Promise<PreparedImage> {
    const decoding = this.decode(source, reading);
    const [decoded, steps] = await Promise.all([decoding, preparation]);
    return prepareView(decoded, steps, view);
  }

  /** Draw heatmaps over their X-ray. Returns the bytes of a JPEG file. */
  async draw({ source, reading, plan }: Drawing): Promise<Uint8Array> {
    const { width, height, data } = drawOverlay(await this.decode(source, reading), plan);
    return encodeJpeg(width, height, data);
  }
}

async function decodeSource(source: ImageSource, reading: ReadingOptions): Promise<DecodedImage> {
  const bytes = typeof source === "string" ? await readWhole(source, MAX_IMAGE_BYTES) : source;
  return decodeRaster(bytes, reading);
}
