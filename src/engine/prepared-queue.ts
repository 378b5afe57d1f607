/**
 * Images that are prepared and checked ahead of the network, in order.
 *
 * Pipeline:   sources → **prepared images, a bounded number ahead** → batches → session
 * Knows:      an image preparer. Not threads or models.
 */

import { asXrayError, type XrayError } from "../errors.ts";
import type { ReadingOptions } from "../image/prepare.ts";
import type { CheckedImage, ImagePreparer, ImageSource } from "./ports.ts";

/** One image of a run: the prepared image, or an error. */
export interface PreparedItem {
  readonly source: ImageSource;
  readonly result: CheckedImage | XrayError;
}

/** Number of images to prepare ahead of the network, which bounds the memory of a run. */
const AHEAD = 24;

/** Prepared images in order. Work on the first ones begins at once. */
export class PreparedQueue {
  readonly #preparer: ImagePreparer;
  readonly #sources: readonly ImageSource[];
  readonly #reading: ReadingOptions;
  readonly #queue: { source: ImageSource; result: Promise<CheckedImage | XrayError> }[] = [];
  #next = 0;

  /** @param reading  How to read files that leave a choice. */
  constructor(preparer: ImagePreparer, sources: readonly ImageSource[], reading: ReadingOptions = {}) {
    this.#preparer = preparer;
    this.#sources = sources;
    this.#reading = reading;
    this.#fill();
  }

  #fill(): void {
    while (this.#next < this.#sources.length && this.#queue.length < AHEAD) {
      const source = this.#sources[this.#next++]!;
      const result = this.#preparer
        .prepare({ source, reading: this.#reading, check: true })
        .catch(asXrayError);
      this.#queue.push({ source, result });
    }
  }

  /** One item per source. Failures are items too, so that the others are still prepared. */
  async *[Symbol.asyncIterator](): AsyncGenerator<PreparedItem, void> {
    for (let item = this.#queue.shift(); item !== undefined; item = this.#queue.shift()) {
      this.#fill();
      yield { source: item.source, result: await item.result };
    }
  }
}
