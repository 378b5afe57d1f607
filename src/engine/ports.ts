/**
 * What the engine asks of the machine that it runs on. Adapters stand in `node/` and `browser/`; a test may bring its own.
 *
 * Knows: interfaces alone. That of a session stands in `graph/session.ts`, for training asks for one as well.
 */

import type { Augmentation } from "../image/augment.ts";
import type { Preparation } from "../image/preparation.ts";
import type { DecodedImage, PreparedImage, ReadingOptions } from "../image/prepare.ts";

/** An image: a name by which a byte source finds it, such as a path, or the bytes of an image file. */
export type ImageSource = string | Uint8Array;

/**
 * Reads what a name stands for: a file, or what a URL leads to.
 *
 * @param limit  In bytes; more is refused.
 * @throws       XrayError `file/…` that names it.
 */
export type ByteSource = (name: string, limit: number) => Promise<Uint8Array>;

/**
 * Decodes a picture.
 *
 * @param bytes  PNG, JPEG, TIFF or WebP.
 * @returns      Grey or RGB samples of 8 or 16 bits, upright, without alpha.
 * @throws       XrayError `raster/…`.
 */
export type Decoder = (bytes: Uint8Array, reading?: ReadingOptions) => Promise<DecodedImage>;

/** A view of an image that is drawn at random: by which kind of variation, and from which stream of numbers. */
export interface ViewRequest {
  readonly kind: Exclude<Augmentation, "none">;
  readonly seed: number;
  readonly keys: readonly (string | number)[];
}

/** An image to prepare, as it is or varied. */
export interface ImageRequest {
  readonly source: ImageSource;
  readonly view?: ViewRequest;
  readonly reading?: ReadingOptions;
}

/** Reads, decodes and prepares images, on this thread or on others. */
export interface ImagePreparer {
  /** Say how images are prepared. Until then, they are only decoded. */
  usePreparation(preparation: Preparation): void;
  /** Throws XrayError `file/…`, `raster/…`, `image/…`. */
  prepare(request: ImageRequest): Promise<PreparedImage>;
  close(): Promise<void>;
}
