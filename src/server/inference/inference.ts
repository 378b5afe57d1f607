/**
 * Answers requests for predictions: images are prepared as they come, and whatever is ready when the network is free goes
 * through it together.
 *
 * Pipeline:   bytes → **place in the queue → prepared → batch → result**
 * Knows:      the model, its threads, and the bounds of the queue. Not HTTP.
 */

import type { Engine } from "../../app/engine-threads/engine.ts";
import type { EngineImage, EnginePrediction, WantedMaps } from "../../app/engine-threads/engine-jobs.ts";
import { BatchLine } from "../../engine/batch-line.ts";
import { parseFindingChoice } from "../../engine/choose-findings.ts";
import type { ContainedPreparation } from "../../engine/contained-preparation.ts";
import type { Heatmaps } from "../../engine/heatmap-source.ts";
import { checkMaps } from "../../engine/open-model.ts";
import { DEFAULT_BATCH } from "../../engine/predict.ts";
import type { NamedModel } from "../../engine/read-model.ts";
import { admit } from "../../engine/refused.ts";
import { resultOf } from "../../engine/result.ts";
import { type Decision, decide } from "../../engine/thresholds.ts";
import { inFile, XrayError } from "../../errors.ts";
import type { Region } from "../../image/crop.ts";
import type { ReadingOptions } from "../../image/prepare.ts";
import type { MapChoice } from "../../models/map-choice.ts";
import type { Result, Threshold } from "../../results/prediction.ts";

/** An image as a client sent it. */
export interface UploadedImage {
  /** As results and messages name it; empty if it has no name. */
  readonly name: string;
  /** A PNG, JPEG, TIFF, WebP or DICOM file. */
  readonly bytes: Uint8Array;
}

/** A request for predictions. */
export interface InferenceRequest {
  readonly images: readonly UploadedImage[];
  /** How to read files that leave a choice. */
  readonly reading?: ReadingOptions;
  /** 0.5 by default. */
  readonly threshold?: Threshold | undefined;
  /** The heatmaps to compute; none by default. */
  readonly maps?: MapChoice | undefined;
  /** The findings whose heatmaps are wanted: names, or one of `top`, `detected`, `all`. By default all, in the model's order. */
  readonly findings?: readonly string[] | undefined;
  /** Drops the images that still wait. */
  readonly signal?: AbortSignal | undefined;
}

/** What became of an image. */
export type Outcome =
  | {
      readonly result: Result;
      readonly heatmaps: Heatmaps | undefined;
      /** The part of the image that heatmaps cover, in pixels of the image. */
      readonly region: Region;
    }
  | { readonly image: string; readonly error: XrayError };

/** What is measured. Durations are in seconds. */
export interface InferenceObserver {
  /** An image was prepared, or could not be. */
  prepared(seconds: number): void;
  /** A batch went through the network. */
  ran(batch: { readonly images: number; readonly seconds: number; readonly withMaps: boolean }): void;
}

export interface InferenceOptions {
  /** Most images that wait, beside those that are in the network. */
  readonly capacity: number;
  /** Whether to predict images that a check refuses. */
  readonly force: boolean;
  readonly observer: InferenceObserver;
}

/** What a request settles for all of its images. */
interface Plan {
  readonly decision: Decision;
  readonly maps: MapChoice | undefined;
  readonly wanted: WantedMaps | undefined;
}

interface Ready extends EngineImage {
  readonly maps: MapChoice | undefined;
  /** Called when the network takes it. */
  readonly leaveQueue: () => void;
}

const secondsSince = (start: number): number => (performance.now() - start) / 1000;

export class Inference {
  readonly #model: NamedModel;
  readonly #preparation: ContainedPreparation;
  readonly #engine: Engine;
  readonly #options: InferenceOptions;
  readonly #line: BatchLine<Ready, EnginePrediction>;
  #queued = 0;
  #running = 0;
  #isClosed = false;
  readonly #unfinished = new Set<Promise<unknown>>();

  constructor(
    model: NamedModel,
    preparation: ContainedPreparation,
    engine: Engine,
    options: InferenceOptions,
  ) {
    this.#model = model;
    this.#preparation = preparation;
    this.#engine = engine;
    this.#options = options;
    this.#line = new BatchLine({
      most: DEFAULT_BATCH,
      keyOf: ({ maps }) => JSON.stringify(maps ?? ""),
      work: (items) => this.#run(items),
    });
  }

  /** Images that wait. */
  get queued(): number {
    return this.#queued;
  }

  /** Images that are in the network. */
  get running(): number {
    return this.#running;
  }

  /** Most images that may wait. */
  get capacity(): number {
    return this.#options.capacity;
  }

  /**
   * Check that images can be taken, before anything is spent on them.
   *
   * @throws  XrayError `server/closing`, `server/too-large` if the queue never holds so many, `server/busy`.
   */
  checkRoom(images: number): void {
    const { capacity } = this.#options;
    if (this.#isClosed) throw closing();
    if (images > capacity) {
      const message = `the request has ${images} images, and the server takes at most ${capacity} at once; send them in several requests`;
      throw new XrayError("server/too-large", message, { images, capacity });
    }
    if (this.#queued + images > capacity) {
      const message = `${this.#queued} images are waiting and at most ${capacity} may; try again soon`;
      throw new XrayError("server/busy", message, { queued: this.#queued, capacity });
    }
  }

  /**
   * Predict images. Either all of them are taken, or none is.
   *
   * @returns  One outcome for each image, in order. An image that fails does not affect the others.
   * @throws   XrayError as `checkRoom` does, and `threshold/…`, `findings/unknown`, `heatmaps/no-card`; the reason of an
   *           aborted signal.
   */
  async predict(request: InferenceRequest): Promise<Outcome[]> {
    request.signal?.throwIfAborted();
    const plan = this.#plan(request);
    this.checkRoom(request.images.length);
    this.#queued += request.images.length;
    const work = Promise.all(request.images.map((image) => this.#one(image, request, plan)));
    this.#unfinished.add(work);
    try {
      return await work;
    } finally {
      this.#unfinished.delete(work);
    }
  }

  #plan({ threshold, maps, findings }: InferenceRequest): Plan {
    const { card } = this.#model;
    const decision = decide(threshold, card);
    if (maps !== undefined) checkMaps(this.#model, maps);
    const wanted =
      findings === undefined
        ? undefined
        : { choice: parseFindingChoice(findings, card.labels), thresholds: decision.thresholds };
    return { decision, maps, wanted };
  }

  async #one(image: UploadedImage, request: InferenceRequest, plan: Plan): Promise<Outcome> {
    let isQueued = true;
    const leaveQueue = () => {
      if (isQueued) this.#queued -= 1;
      isQueued = false;
    };
    try {
      const prediction = await this.#predictOne(image, request, plan, leaveQueue);
      const sha256 = await this.#model.sha256();
      const { name } = image;
      const result = resultOf(this.#model, prediction, plan.decision, { image: name, sha256 });
      return { result, heatmaps: prediction.heatmaps, region: prediction.prepared.region };
    } catch (error) {
      request.signal?.throwIfAborted();
      return { image: image.name, error: inFile(image.name === "" ? "the image" : image.name, error) };
    } finally {
      leaveQueue();
    }
  }

  async #predictOne(
    { bytes }: UploadedImage,
    { reading = {}, signal }: InferenceRequest,
    { maps, wanted }: Plan,
    leaveQueue: () => void,
  ): Promise<EnginePrediction> {
    let start = performance.now();
    const onStart = () => {
      start = performance.now();
    };
    const prepared = await this.#preparation
      .prepare({ source: bytes, reading, check: true }, onStart, signal)
      .finally(() => this.#options.observer.prepared(secondsSince(start)));
    const image = admit(prepared, this.#options.force);
    if (image instanceof XrayError) throw image;
    return this.#line.add({ image, maps, wanted, leaveQueue }, signal);
  }

  async #run(items: readonly Ready[]): Promise<readonly EnginePrediction[]> {
    for (const { leaveQueue } of items) leaveQueue();
    this.#running = items.length;
    const start = performance.now();
    const { maps } = items[0]!;
    try {
      return await this.#engine.predict(
        items.map(({ image, wanted }) => ({ image, wanted })),
        maps,
      );
    } finally {
      this.#running = 0;
      const batch = { images: items.length, seconds: secondsSince(start), withMaps: maps !== undefined };
      this.#options.observer.ran(batch);
    }
  }

  /** Take no more work. What was taken goes on. */
  stop(): void {
    this.#isClosed = true;
  }

  /** Take no more work, wait until what was taken is done, and end the threads. */
  async close(): Promise<void> {
    this.stop();
    while (this.#unfinished.size > 0) await Promise.allSettled(this.#unfinished);
    await Promise.all([this.#preparation.close(), this.#engine.close()]);
  }
}

/** The error of work that comes after the server began to shut down. */
export const closing = (): XrayError =>
  new XrayError("server/closing", "the server is shutting down and takes no new work; try again later", {});
