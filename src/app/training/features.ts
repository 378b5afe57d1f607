/**
 * The features of one run: from the cache if they are kept on disk, otherwise from images as they are read.
 *
 * Knows: both sources, and when the front is needed.
 */

import { Front, type FrontParts } from "../../engine/front.ts";
import type { SessionOptions } from "../../graph/session.ts";
import { inputSizeOf } from "../../image/preparation.ts";
import { ImagePool } from "../../node/image-pool.ts";
import { createSession } from "../../node/session.ts";
import type { FeatureSource, LoadedExamples } from "../../training/loop.ts";
import { featureShape, frontGraph, isCached } from "../../training/suffix.ts";
import type { ImageFile } from "../data/image-file.ts";
import {
  CachedFeatures,
  cacheKey,
  type ExtractionProgress,
  LiveFeatures,
  type OnNotes,
  type OnSkip,
  type Views,
} from "./extraction.ts";

/** The images of a run. */
interface RunImages {
  readonly images: readonly ImageFile[];
  readonly views: Views;
  /** Whether to keep features on disk. */
  readonly isCached: boolean;
  readonly onSkip: OnSkip;
  readonly onNotes: OnNotes;
}

/** Features of a run's images. */
export class TrainingFeatures implements FeatureSource {
  /** Shape of one image's features. */
  readonly shape: readonly number[];
  readonly #source: CachedFeatures | LiveFeatures;
  readonly #front: () => Promise<Front>;
  #started: Promise<Front> | undefined;

  private constructor(
    shape: readonly number[],
    front: (own: TrainingFeatures) => Promise<Front>,
    source: CachedFeatures | LiveFeatures,
  ) {
    this.shape = shape;
    this.#front = () => front(this);
    this.#source = source;
  }

  static async open(parts: FrontParts, run: RunImages, options: SessionOptions): Promise<TrainingFeatures> {
    const input = { inChannels: parts.inChannels, ...inputSizeOf(parts.preparation) };
    const shape = featureShape(parts.unfreeze, input);
    const start = () => {
      const preparer = new ImagePool(Number.POSITIVE_INFINITY);
      return Front.start(parts, { preparer, createSession }, options);
    };
    if (run.isCached && isCached(parts.unfreeze)) {
      const names = [...frontGraph(parts.unfreeze, input).parameters.keys()];
      const key = cacheKey(parts, names, run.views);
      const source = await CachedFeatures.open(key, shape, run.images, run.views, run);
      return new TrainingFeatures(shape, start, source);
    }
    const front = start();
    const source = new LiveFeatures(await front, run.images, run.views, run);
    const features = new TrainingFeatures(shape, start, source);
    features.#started = front;
    return features;
  }

  /** Fill the cache, if there is one. Returns false if it was stopped. */
  async fill(
    train: Uint32Array,
    val: Uint32Array,
    progress: (progress: ExtractionProgress) => boolean,
  ): Promise<boolean> {
    if (!(this.#source instanceof CachedFeatures)) return true;
    const front = () => {
      this.#started ??= this.#front();
      return this.#started;
    };
    const isFull = await this.#source.fill(train, val, front, progress);
    // The front's memory is no longer needed.
    await this.#closeFront();
    return isFull;
  }

  load(examples: Uint32Array, epoch: number | null): Promise<LoadedExamples> {
    return this.#source.load(examples, epoch);
  }

  async #closeFront(): Promise<void> {
    // A front that failed to start has released everything.
    const front = await this.#started?.catch(() => undefined);
    this.#started = undefined;
    await front?.close();
  }

  async close(): Promise<void> {
    try {
      await this.#closeFront();
    } finally {
      if (this.#source instanceof CachedFeatures) this.#source.close();
    }
  }
}
