/**
 * Preparing and drawing over images on this thread, which is the engine's own worker.
 *
 * Pipeline:   named sources → bytes → pixels → **input**;  **pixels + maps → picture**
 * Knows:      a decoder, and which source a name stands for. Not models.
 */

import { MAX_IMAGE_BYTES } from "../engine/limits.ts";
import type { Decoder, ImagePreparer, ImageRequest, ImageSource } from "../engine/ports.ts";
import { prepareView } from "../engine/prepare-view.ts";
import type { Preparation } from "../image/preparation.ts";
import type { DecodedImage, PreparedImage, ReadingOptions } from "../image/prepare.ts";
import { drawOverlay } from "../report/overlay/draw.ts";
import type { RgbPixels } from "../report/overlay/pixels.ts";
import type { OverlayPlan } from "../report/overlay/plan.ts";
import { type NamedSource, readSource } from "./bytes.ts";

/** Prepares images one after the other. Remembers the last image that it decoded. */
export class BrowserPreparer implements ImagePreparer {
  readonly #decoder: Promise<Decoder>;
  readonly #sources = new Map<string, NamedSource>();
  #preparation: Preparation | undefined;
  #last: { source: ImageSource; page: number | undefined; image: Promise<DecodedImage> } | undefined;

  constructor(decoder: Promise<Decoder>) {
    this.#decoder = decoder;
    // Whoever decodes hears of its failure.
    decoder.catch(() => undefined);
  }

  usePreparation(preparation: Preparation): void {
    this.#preparation = preparation;
  }

  /**
   * Do work with images by names of their own; bytes have none.
   *
   * @param work  Gets what stands for them, in order.
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
      this.#last = undefined;
    }
  }

  /** Files of several folders may share a name: `x.png`, `x.png (2)`, … */
  #nameFor(image: NamedSource): string {
    const plain = image.name ?? "image";
    let name = plain;
    for (let i = 2; this.#sources.has(name); i++) name = `${plain} (${i})`;
    this.#sources.set(name, image);
    return name;
  }

  async prepare({ source, view, reading }: ImageRequest): Promise<PreparedImage> {
    return prepareView(await this.#decode(source, reading), this.#preparation!, view);
  }

  /** Draw heatmaps over their X-ray. */
  async draw(source: ImageSource, reading: ReadingOptions, plan: OverlayPlan): Promise<RgbPixels> {
    return drawOverlay(await this.#decode(source, reading), plan);
  }

  #decode(source: ImageSource, reading: ReadingOptions = {}): Promise<DecodedImage> {
    const { page } = reading;
    if (this.#last?.source === source && this.#last.page === page) return this.#last.image;
    const image = this.#read(source, reading);
    this.#last = { source, page, image };
    return image;
  }

  async #read(source: ImageSource, reading: ReadingOptions): Promise<DecodedImage> {
    const bytes =
      typeof source === "string" ? await readSource(this.#sources.get(source)!, MAX_IMAGE_BYTES) : source;
    return (await this.#decoder)(bytes, reading);
  }

  async close(): Promise<void> {
    this.#last = undefined;
  }
}
