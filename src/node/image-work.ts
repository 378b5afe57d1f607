/**
 * Work on image files: prepares them for the network, checks them, and draws heatmaps on them.
 *
 * Pipeline:   file → bytes → pixels → **input**;  **pixels + maps → JPEG**
 * Knows:      files. Runs on a worker thread (`image-worker.ts`).
 */

import { LastDecoded } from "../engine/decode/last-decoded.ts";
import type { CheckedImage, ImageRequest } from "../engine/ports.ts";
import { prepareChecked, prepareView } from "../engine/prepare-view.ts";
import type { Preparation } from "../image/preparation.ts";
import { drawOverlay } from "../report/overlay/draw.ts";
import type { RgbPixels } from "../report/overlay/pixels.ts";
import { decodeImage } from "./decode.ts";
import { readWhole } from "./files.ts";
import type { Drawing } from "./image-jobs.ts";
import { encodeJpeg } from "./raster.ts";

/** Does the work on image files. Remembers the last image, to draw on it or to augment it again. */
export class ImageWork {
  readonly #images = new LastDecoded(readWhole, decodeImage);

  /**
   * Prepare an image. Decoding begins before the preparation is known. Throws what `readWhole` and `decodeImage`
   * throw.
   */
  async prepare(
    { source, view, reading, check = false }: ImageRequest,
    preparation: Promise<Preparation>,
  ): Promise<CheckedImage> {
    const decoding =
      view === undefined ? this.#images.fresh(source, reading) : this.#images.again(source, reading);
    const [decoded, steps] = await Promise.all([decoding, preparation]);
    return check && view === undefined
      ? prepareChecked(decoded, steps)
      : { ...prepareView(decoded, steps, view), checks: [] };
  }

  /** Draw heatmaps on their X-ray. Returns the bytes of a JPEG file. */
  async draw(drawing: Drawing): Promise<Uint8Array> {
    const { width, height, data } = await this.drawPixels(drawing);
    return encodeJpeg(width, height, data);
  }

  /** Draw heatmaps on their X-ray. */
  async drawPixels({ source, reading, plan }: Drawing): Promise<RgbPixels> {
    return drawOverlay(await this.#images.again(source, reading), plan);
  }
}
