/**
 * The calls that the page makes to the worker that reads images.
 *
 * Knows: types only, so that making calls loads none of the code that answers them.
 */

import type { NamedSource } from "../../src/browser/bytes.ts";
import type { ModelFacts, ModelOptions } from "../../src/browser/calls.ts";
import type { ReadingOptions } from "../../src/image/prepare.ts";
import type { Threshold } from "../../src/results/prediction.ts";
import type { ErasedReading, ImageReading, PreparedView, ViewerPicture } from "./reading.ts";

/** An image as it is sent to the worker. */
export interface SentImage {
  /** The same for the same blob, so that the last image need not be decoded again. */
  readonly key: number;
  readonly name: string;
  readonly blob: Blob;
  readonly reading: ReadingOptions;
}

/** How an image is predicted. */
export interface SentOptions {
  readonly threshold?: Threshold;
  readonly force: boolean;
}

/** The calls. `warm` comes first, then `load`; each only once. */
export interface PageCalls {
  /** Begin to fetch what the engine needs beside a model. @param files  The absolute URL of the folder with these files. */
  warm(options: ModelOptions, files: string): void;
  load(model: NamedSource, options: ModelOptions): ModelFacts;
  sha256(): string;
  read(image: SentImage, options: SentOptions): ImageReading;
  look(image: SentImage): ViewerPicture;
  /** The image as the network takes it, for the worker that computes finer maps; with ten-crop, the centre crop. */
  prepare(image: SentImage): PreparedView;
  erase(image: SentImage, mask: Uint8Array): ErasedReading;
}
