/**
 * A model that runs on some machine: predictions of images on request, one request after the other.
 *
 * Pipeline:   model, images → **prepared ahead → batches → predictions** → whoever asked
 * Knows:      open models and a preparer. Not what becomes of predictions.
 */

import { XrayError } from "../errors.ts";
import type { SessionFactory, SessionOptions } from "../graph/session.ts";
import type { ReadingOptions } from "../image/prepare.ts";
import type { MapChoice, OpenModel } from "./open-model.ts";
import { OpenModels } from "./open-models.ts";
import type { ImagePreparer, ImageSource } from "./ports.ts";
import { type FailedPrediction, type Prediction, predictImages } from "./predict.ts";
import { PreparedQueue } from "./prepared-queue.ts";
import type { NamedModel } from "./read-model.ts";

/** What a model runs on. */
export interface ModelMachine {
  readonly createSession: SessionFactory;
  /** The model's own: it is told its preparation, and closed with it. */
  readonly preparer: ImagePreparer;
}

/** What is to be predicted. */
export interface ImagesRequest {
  readonly images: readonly ImageSource[];
  readonly reading: ReadingOptions;
  /** The heatmaps that are wanted; none unless given. */
  readonly maps?: MapChoice;
}

/** An image's prediction. Throws the error of one that could not be done. */
export function unwrap(outcome: Prediction | FailedPrediction): Prediction {
  if ("error" in outcome) throw outcome.error;
  return outcome;
}

const released = (): XrayError =>
  new XrayError("model/released", "the model was released and can no longer be used; load it again", {});

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
   * @throws  XrayError `runtime/…`; the preparer is closed then.
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
   * Predict images, when all that was asked for before is done.
   *
   * @param use  Makes of the outcomes, one per image and in order, what is returned. The open model is its own until then.
   * @throws     XrayError `model/released`, `runtime/…`, and what `use` throws.
   */
  predict<T>(
    { images, reading, maps }: ImagesRequest,
    use: (opened: OpenModel, outcomes: readonly (Prediction | FailedPrediction)[]) => T | Promise<T>,
  ): Promise<T> {
    if (this.#isReleased) return Promise.reject(released());
    return this.#inTurn(async () => {
      const opened = await this.#models.get(maps);
      const outcomes: (Prediction | FailedPrediction)[] = [];
      for await (const outcome of predictImages(opened, new PreparedQueue(this.#preparer, images, reading))) {
        outcomes.push(outcome);
      }
      return use(opened, outcomes);
    });
  }

  /** Free the memory, when all that was asked for is done. */
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

  /** Whatever became of what came before. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const next = this.#turn.then(work, work);
    this.#turn = next.catch(() => undefined);
    return next;
  }
}
