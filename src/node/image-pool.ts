/**
 * Worker threads for image work, so that decoding and drawing overlap with the network.
 *
 * Pipeline:   files → **prepared images** → batches → session
 * Knows:      what image threads do. Not models.
 */

import { availableParallelism } from "node:os";
import type { CheckedImage, ImagePreparer, ImageRequest } from "../engine/ports.ts";
import type { Preparation } from "../image/preparation.ts";
import type { RgbPixels } from "../report/overlay/pixels.ts";
import { gateMemory } from "./decoder-gate.ts";
import type { Drawing, ImageAnswer, ImageJob, ImageThreadData } from "./image-jobs.ts";
import { ThreadPool } from "./thread-pool.ts";

/** The network needs most of the processor. Half as many threads as cores, at most four, can keep it supplied. */
function threadCount(images: number): number {
  return Math.max(1, Math.min(4, images, Math.floor(availableParallelism() / 2)));
}

/** Worker threads that share the image work of one model. */
export class ImagePool implements ImagePreparer {
  readonly #pool: ThreadPool<ImageJob, ImageAnswer, Preparation>;

  /**
   * @param images        Number of images to expect. No more threads than that are started.
   * @param inBackground  Whether the main thread comes first, because others wait for it.
   */
  constructor(images: number, { inBackground = false } = {}) {
    this.#pool = new ThreadPool({
      script: new URL("./image-worker.js", import.meta.url),
      threads: threadCount(images),
      data: { gate: gateMemory(), inBackground } satisfies ImageThreadData,
    });
  }

  /** Set how images are prepared. Until then, they are only decoded. */
  usePreparation(preparation: Preparation): void {
    this.#pool.tell(preparation);
  }

  async prepare(request: ImageRequest): Promise<CheckedImage> {
    return (await this.#pool.ask({ kind: "prepare", ...request }, request.source)) as CheckedImage;
  }

  /** Draw an overlay, on the thread that still has the image decoded. Returns the bytes of a JPEG file. */
  async draw(drawing: Drawing): Promise<Uint8Array> {
    return (await this.#pool.ask({ kind: "draw", drawing }, drawing.source)) as Uint8Array;
  }

  /** Draw an overlay as `draw` does. Returns its pixels, for files other than JPEG. */
  async drawPixels(drawing: Drawing): Promise<RgbPixels> {
    return (await this.#pool.ask({ kind: "draw-pixels", drawing }, drawing.source)) as RgbPixels;
  }

  close(): Promise<void> {
    return this.#pool.close();
  }
}
