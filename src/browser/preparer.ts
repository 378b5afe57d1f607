/**
 * Prepares images and draws on them, on this thread, which is the engine's own worker.
 *
 * Pipeline:   named sources → bytes → pixels → **input**;  **pixels + maps → picture**
 * Knows:      a decoder, and which source a name stands for. Not models.
 */

import { LastDecoded } from "../engine/decode/last-decoded.ts";
import type { CheckedImage, Decoder, ImagePreparer, ImageRequest, ImageSource } from "../engine/ports.ts";
import { prepareChecked, prepareView } from "../engine/prepare-view.ts";
import type { Preparation } from "../image/preparation.ts";
import type { ReadingOptions } from "../image/prepare.ts";
import { drawOverlay } from "../report/overlay/draw.ts";
import type { RgbPixels } from "../report/overlay/pixels.ts";
import type { OverlayPlan } from "../report/overlay/plan.ts";
import { type NamedSource, readSource } from "./bytes.ts";

/** Prepares images. Remembers the last one, to draw on it. */
export class BrowserPreparer implements ImagePreparer {
  readonly #images: LastDecoded;
  readonly #sources = new Map<string, NamedSource>();
  #preparation: Preparation | undefined;

  constructor(decode: Decoder) {
    this.#images = new LastDecoded((name, limit) => readSource(this.#sources.get(name)!, limit), decode);
  }

  usePreparation(preparation: Preparation): void {
    this.#preparation = preparation;
  }

  /**
   * Do work with images that have unique names; bytes need none.
   *
   * @param work  Receives the names or bytes that stand for the images, in order.
   */
  async withSources<T>(
    images: readonly NamedSource[],
    work: (sources: readonly ImageSource[]) => Promise<T>,
  ): Promise<T> {
    const sources = images.map((image) =>
      image.data instanceof Uint8Array ? image.data : this.#nameFor(image),
    );
    try {
      return await work(sources);
    } finally {
      for (const source of sources) if (typeof source === "string") this.#sources.delete(source);
      this.#images.forget();
    }
  }

  /** Make a name unique, since files of several folders may share one: `x.png`, `x.png (2)`, … */
  #nameFor(image: NamedSource): string {
    const plain = image.name ?? "image";
    let name = plain;
    for (let i = 2; this.#sources.has(name); i++) name = `${plain} (${i})`;
    this.#sources.set(name, image);
    return name;
  }

  async prepare({ source, view, reading, check = false }: ImageRequest): Promise<CheckedImage> {
    const decoded = await this.#images.fresh(source, reading);
    return check && view === undefined
      ? prepareChecked(decoded, this.#preparation!)
      : { ...prepareView(decoded, this.#preparation!, view), checks: [] };
  }

  /** Draw heatmaps on their X-ray. */
  async draw(source: ImageSource, reading: ReadingOptions, plan: OverlayPlan): Promise<RgbPixels> {
    return drawOverlay(await this.#images.again(source, reading), plan);
  }

  async close(): Promise<void> {
    this.#images.forget();
  }
}
