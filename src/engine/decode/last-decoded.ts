/**
 * Remembers the last decoded image, since images are decoded once to be prepared and then needed again to be drawn on.
 *
 * Pipeline:   name or bytes → **decoded image** → prepared image, overlay
 * Knows:      a byte source and a decoder. Not what happens to the image afterwards.
 */

import type { DecodedImage, ReadingOptions } from "../../image/prepare.ts";
import { MAX_IMAGE_BYTES } from "../limits.ts";
import type { ByteSource, Decoder, ImageSource } from "../ports.ts";

/** A requested image. */
interface Remembered {
  readonly source: ImageSource;
  readonly reading: ReadingOptions;
  readonly image: Promise<DecodedImage>;
}

const isSameReading = (a: ReadingOptions, b: ReadingOptions): boolean =>
  a.page === b.page && a.frame === b.frame && (a.voi ?? "default") === (b.voi ?? "default");

/** Reads and decodes images, and remembers the last one requested. */
export class LastDecoded {
  readonly #read: ByteSource;
  readonly #decode: Decoder;
  #last: Remembered | undefined;

  constructor(read: ByteSource, decode: Decoder) {
    this.#read = read;
    this.#decode = decode;
  }

  /** Read and decode an image anew, since the file may have changed. Throws what its two ports throw. */
  fresh(source: ImageSource, reading: ReadingOptions = {}): Promise<DecodedImage> {
    const image = this.#decoded(source, reading);
    const last = { source, reading, image };
    this.#last = last;
    // Failures are not remembered.
    image.catch(() => {
      if (this.#last === last) this.#last = undefined;
    });
    return image;
  }

  /** The remembered image if it is the one requested; otherwise the same as `fresh`. */
  again(source: ImageSource, reading: ReadingOptions = {}): Promise<DecodedImage> {
    const last = this.#last;
    const isLast = last?.source === source && isSameReading(last.reading, reading);
    return isLast ? last.image : this.fresh(source, reading);
  }

  forget(): void {
    this.#last = undefined;
  }

  async #decoded(source: ImageSource, reading: ReadingOptions): Promise<DecodedImage> {
    const bytes = typeof source === "string" ? await this.#read(source, MAX_IMAGE_BYTES) : source;
    return this.#decode(bytes, reading);
  }
}
