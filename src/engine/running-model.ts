/**
 * A model running on some machine: it predicts images on request, one request after the other.
 *
 * Pipeline:   model, images → **prepared ahead → batches → predictions** → caller
 * Knows:      open models and an image preparer. Not what happens to predictions.
 */

import { XrayError } from "../errors.ts";
import type { SessionFactory, SessionOptions } from "../graph/session.ts";
import type { ReadingOptions } from "../image/prepare.ts";
import type { MapChoice } from "../models/map-choice.ts";
import type { OpenModel } from "./open-model.ts";
import { OpenModels } from "./open-models.ts";
import type { ImagePreparer, ImageSource } from "./ports.ts";
import { DEFAULT_BATCH, type FailedPrediction, type Prediction, predictImages } from "./predict.ts";
import { type PreparedItem, PreparedQueue } from "./prepared-queue.ts";
import type { NamedModel } from "./read-model.ts";

/** What a model runs on. */
export interface ModelMachine {
  readonly createSession: SessionFactory;
  /** The model owns it: it sets its preparation and closes it. */
  readonly preparer: ImagePreparer;
}

/** A request for predictions. */
export interface ImagesRequest {
  readonly images: readonly ImageSource[];
  readonly reading: ReadingOptions;
  /** The heatmaps to compute; none by default. */
  readonly maps?: MapChoice;
  /** Whether to predict images that a check refuses. */
  readonly force?: boolean;
  /** Checked between batches. */
  readonly signal?: AbortSignal;
  /** Called after each image. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** The prediction of an image. Throws the error if there is none. */
export function unwrap(outcome: Prediction | FailedPrediction): Prediction {
  if ("error" in outcome) throw outcome.error;
  return outcome;
}

const released = (): XrayError =>
  new XrayError("model/released", "the model was released and can no longer be used; load it again", {});

/** The next items of a queue, up to `most`. */
async function* firstOf(
  queue: AsyncGenerator<PreparedItem, void>,
  most: number,
): AsyncGenerator<PreparedItem, void> {
  for (let taken = 0; taken < most; taken++) {
    const { value, done } = await queue.next();
    if (done === true || value === undefined) return;
    yield value;
  }
}

/** Answers requests in turn. */
export class RunningModel {
  readonly model: NamedModel;
  readonly #models: OpenModels;
  readonly #preparer: ImagePreparer;
  #turn: Promise<unknown> = Promise.resolve();
  #isReleased = false;

  private constructor(model: NamedModel, models: OpenModels, preparer: ImagePreparer) {
    this.model = model;
    this.#models = models;
    this.#preparer = preparer;
  }

  /**
   * Start a model.
   *
   * @throws  XrayError `runtime/…`; in that case the preparer is closed.
   */
  static async start(
    model: NamedModel,
    { createSession, preparer }: ModelMachine,
    options: SessionOptions = {},
  ): Promise<RunningModel> {
    const models = new OpenModels(model, createSession, options);
    try {
      preparer.usePreparation(model.card.preparation);
      await models.get();
    } catch (error) {
      await preparer.close();
      throw error;
    }
    return new RunningModel(model, models, preparer);
  }

  /**
   * Predict images after all earlier requests are done.
   *
   * @param use  Turns the outcomes, one per image and in order, into the return value. Until it is done, no other
   *             request uses the open model.
   * @throws     XrayError `model/released`, `runtime/…`, and whatever `use` throws.
   */
  predict<T>(
    { images, reading, maps, force = false, signal, onProgress }: ImagesRequest,
    use: (opened: OpenModel, outcomes: readonly (Prediction | FailedPrediction)[]) => T | Promise<T>,
  ): Promise<T> {
    if (this.#isReleased) return Promise.reject(released());
    return this.#inTurn(async () => {
      signal?.throwIfAborted();
      const opened = await this.#models.get(maps);
      const outcomes: (Prediction | FailedPrediction)[] = [];
      const queue = new PreparedQueue(this.#preparer, images, reading);
      for await (const outcome of predictImages(opened, queue, { force })) {
        outcomes.push(outcome);
        onProgress?.(outcomes.length, images.length);
        signal?.throwIfAborted();
      }
      return use(opened, outcomes);
    });
  }

  /**
   * Predict images batch by batch. Between two batches the model is free for other requests, so a caller may ask it for
   * something else, such as heatmaps, while going through the results.
   *
   * @param use  Turns an outcome into what is yielded.
   * @throws     XrayError `model/released`, `runtime/…`, whatever `use` throws, and the reason of an aborted signal.
   */
  async *predictEach<T>(
    { images, reading, maps, force = false, signal, onProgress }: ImagesRequest,
    use: (opened: OpenModel, outcome: Prediction | FailedPrediction) => T,
  ): AsyncGenerator<T, void> {
    signal?.throwIfAborted();
    if (this.#isReleased) throw released();
    const queue = new PreparedQueue(this.#preparer, images, reading)[Symbol.asyncIterator]();
    for (let done = 0; done < images.length; ) {
      if (this.#isReleased) throw released();
      const batch = await this.#inTurn(async () => {
        const opened = await this.#models.get(maps);
        const results: T[] = [];
        for await (const outcome of predictImages(opened, firstOf(queue, DEFAULT_BATCH), { force })) {
          results.push(use(opened, outcome));
        }
        return results;
      });
      for (const result of batch) {
        done += 1;
        onProgress?.(done, images.length);
        signal?.throwIfAborted();
        yield result;
        signal?.throwIfAborted();
      }
    }
  }

  /** Free the memory after all requests are done. */
  release(): Promise<void> {
    this.#isReleased = true;
    return this.#inTurn(async () => {
      try {
        await this.#models.release();
      } finally {
        await this.#preparer.close();
      }
    });
  }

  /** Run work after all earlier work, whether or not that succeeded. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const next = this.#turn.then(work, work);
    this.#turn = next.catch(() => undefined);
    return next;
  }
}
