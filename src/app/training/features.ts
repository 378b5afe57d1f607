/**
 * The features of one run: from the cache if they are kept on disk, otherwise from images as they are read.
 *
 * Knows: both sources, and when the front is needed.
 */

import { Front, type FrontParts } from "../../engine/front.ts";
import { XrayError } from "../../errors.ts";
import type { SessionOptions } from "../../graph/session.ts";
import { inputSizeOf } from "../../image/preparation.ts";
import { ImagePool } from "../../node/image-pool.ts";
import { createSession } from "../../node/session.ts";
import { sizeOf } from "../../tensor.ts";
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
} from "./extraction.ts";
import { type FeatureJob, featureJobs, type Views } from "./feature-jobs.ts";
import { FeatureShards, hashOfImages } from "./feature-shards.ts";

/** The images of a run. */
interface RunImages {
  readonly images: readonly ImageFile[];
  readonly views: Views;
  /** Whether to keep features on disk. */
  readonly isCached: boolean;
  readonly onSkip: OnSkip;
  readonly onNotes: OnNotes;
}

/** The error of a run whose features are not kept, so that nobody else can compute them. */
export const noShare = (): XrayError =>
  new XrayError(
    "features/no-share",
    "only features of frozen layers up to denseblock2 or beyond that are cached can be extracted in shards; change what is trained, or train without a folder of features",
  );

/** What the features of a run are computed of and by; the folder of shards is the one that fits both. */
export interface FeatureTask {
  readonly parts: FrontParts;
  readonly images: readonly ImageFile[];
  readonly views: Views;
}

/** Shape of one image's features, and the key of everything that affects them apart from the image. */
export function featureKind({ parts, views }: FeatureTask): { shape: readonly number[]; key: string } {
  const input = { inChannels: parts.inChannels, ...inputSizeOf(parts.preparation) };
  const names = [...frontGraph(parts.unfreeze, input).parameters.keys()];
  return { shape: featureShape(parts.unfreeze, input), key: cacheKey(parts, names, views) };
}

/**
 * The shards of a task's features.
 *
 * @throws  XrayError `features/other-plan`, `features/no-plan`, `file/…`.
 */
export async function openShards(
  folder: string,
  task: FeatureTask,
  jobs: readonly FeatureJob[],
  options: { readonly mayCreate: boolean; readonly shardSize?: number | undefined },
): Promise<FeatureShards> {
  const { shape, key } = featureKind(task);
  const { mayCreate, shardSize } = options;
  const images = await hashOfImages(task.images, jobs);
  const wanted = { network: key, images, count: jobs.length, length: sizeOf(shape), shardSize };
  return FeatureShards.open(folder, wanted, mayCreate);
}

/** Features of a run's images. */
export class TrainingFeatures implements FeatureSource {
  /** Shape of one image's features. */
  readonly shape: readonly number[];
  readonly #task: FeatureTask;
  readonly #source: CachedFeatures | LiveFeatures;
  readonly #front: () => Promise<Front>;
  #started: Promise<Front> | undefined;

  private constructor(
    task: FeatureTask,
    shape: readonly number[],
    front: (own: TrainingFeatures) => Promise<Front>,
    source: CachedFeatures | LiveFeatures,
  ) {
    this.#task = task;
    this.shape = shape;
    this.#front = () => front(this);
    this.#source = source;
  }

  static async open(parts: FrontParts, run: RunImages, options: SessionOptions): Promise<TrainingFeatures> {
    const task = { parts, images: run.images, views: run.views };
    const { shape, key } = featureKind(task);
    const start = () => {
      const preparer = new ImagePool(Number.POSITIVE_INFINITY);
      return Front.start(parts, { preparer, createSession }, options);
    };
    if (run.isCached && isCached(parts.unfreeze)) {
      const source = await CachedFeatures.open(key, shape, run.images, run.views, run);
      return new TrainingFeatures(task, shape, start, source);
    }
    const front = start();
    const source = new LiveFeatures(await front, run.images, run.views, run);
    const features = new TrainingFeatures(task, shape, start, source);
    features.#started = front;
    return features;
  }

  /**
   * Take over features that other processes have computed.
   *
   * @throws  XrayError `features/…`, `file/…`.
   */
  async gather(folder: string, train: Uint32Array, val: Uint32Array): Promise<void> {
    if (!(this.#source instanceof CachedFeatures)) throw noShare();
    const jobs = featureJobs(train, val, this.#task.views);
    await this.#source.gather(jobs, await openShards(folder, this.#task, jobs, { mayCreate: false }));
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
