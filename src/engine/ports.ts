/**
 * What the engine needs from the machine that it runs on. Adapters are in `node/` and `browser/`; a test may bring its
 * own.
 *
 * Knows: interfaces only. That of a session is in `graph/session.ts`, because training needs one as well.
 */

import type { Check } from "../checks/check.ts";
import type { Augmentation } from "../image/augment.ts";
import type { Preparation } from "../image/preparation.ts";
import type { DecodedImage, PreparedImage, ReadingOptions } from "../image/prepare.ts";

/** An image: the bytes of an image file, or a name that a byte source can resolve, such as a path. */
export type ImageSource = string | Uint8Array;

/**
 * Reads what a name refers to: a file, or the content of a URL.
 *
 * @param limit  Maximum number of bytes; larger content is refused.
 * @throws       XrayError `file/…` that contains the name.
 */
export type ByteSource = (name: string, limit: number) => Promise<Uint8Array>;

/**
 * Decodes a picture.
 *
 * @param bytes  PNG, JPEG, TIFF, WebP or DICOM.
 * @returns      Grey or RGB samples of 8 or 16 bits, upright, without alpha.
 * @throws       XrayError `raster/…`, `dicom/…`.
 */
export type Decoder = (bytes: Uint8Array, reading?: ReadingOptions) => Promise<DecodedImage>;

/** A random view of an image: the kind of augmentation, and the seed and keys of its random stream. */
export interface ViewRequest {
  readonly kind: Exclude<Augmentation, "none">;
  readonly seed: number;
  readonly keys: readonly (string | number)[];
}

/** An image to prepare, either unchanged or as a random view. */
export interface ImageRequest {
  readonly source: ImageSource;
  readonly view?: ViewRequest;
  readonly reading?: ReadingOptions;
  /** Whether to check the image as well, because it is to be predicted. Random views are never checked. */
  readonly check?: boolean;
}

/** A prepared image, with what the checks that need no model say about it; empty if they were not asked. */
export interface CheckedImage extends PreparedImage {
  readonly checks: readonly Check[];
}

/** Reads, decodes and prepares images, on this thread or on others. */
export interface ImagePreparer {
  /** Set how images are prepared. Until then, they are only decoded. */
  usePreparation(preparation: Preparation): void;
  /** Throws XrayError `file/…`, `raster/…`, `dicom/…`, `image/…`. */
  prepare(request: ImageRequest): Promise<CheckedImage>;
  close(): Promise<void>;
}
