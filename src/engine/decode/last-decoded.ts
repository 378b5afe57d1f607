/**
 * Images that are decoded once to be prepared and once more to be drawn on: the last one is remembered.
 *
 * Pipeline:   name or bytes → **decoded image** → prepared image, overlay
 * Knows:      a byte source and a decoder. Not what becomes of the image.
 */

import type { DecodedImage, ReadingOptions } from "../../image/prepare.ts";
import { MAX_IMAGE_BYTES } from "../limits.ts";
import type { ByteSource, Decoder, ImageSource } from "../ports.ts";

/** An image that was asked for. */
interface Remembered {
  readonly source: ImageSource;
  readonly page: number | undefined;
  readonly image: Promise<DecodedImage>;
}

/** Reads and decodes images, and remembers the one that was asked for last. */
export class LastDecoded {
  readonly #read: ByteSource;
  readonly #decode: Decoder;
  #last: Remembered | undefined;

  constructor(read: ByteSource, decode: Decoder) {
    this.#read = read;
    this.#decode = decode;
  }

  /** Read and decode an image, whatever is remembered: the file may be another one by now. Throws as its two ports do. */
  fresh(source: ImageSource, reading: ReadingOptions = {}): Promise<DecodedImage> {
    const image = this.#decoded(source, reading);
    const last = { source, page: reading.page, image };
    this.#last = last;
    // A failure is not remembered.
    image.catch(() => {
      if (this.#last === last) this.#last = undefined;
    });
    return image;
  }

  /** The image as it was decoded last, where it is remembered; else as `fresh` gives it. */
  again(source: ImageSource, reading: ReadingOptions = {}): Promise<DecodedImage> {
    const isLast = this.#last?.source === source && this.#last.page === reading.page;
    return isLast ? this.#last!.image : this.fresh(source, reading);
  }

  forget(): void {
    this.#last = undefined;
  }

  async #decoded(source: ImageSource, reading: ReadingOptions): Promise<DecodedImage> {
    const bytes = typeof source === "string" ? await this.#read(source, MAX_IMAGE_BYTES) : source;
    return this.#decode(bytes, reading);
  }
}
