/**
 * The engine's thread, as the main thread sees it.
 *
 * Pipeline:   prepared images → **batches on a thread → predictions**
 * Knows:      how the thread is started and asked. What it does is in `engine-worker.ts`.
 */

import type { NamedModel } from "../../engine/read-model.ts";
import { sentModel } from "../../engine/sent-model.ts";
import type { SessionOptions } from "../../graph/session.ts";
import type { MapChoice } from "../../models/map-choice.ts";
import { ThreadPool } from "../../node/thread-pool.ts";
import type { EngineImage, EngineJob, EngineModel, EnginePrediction } from "./engine-jobs.ts";

/** Runs a model on a thread of its own. */
export class Engine {
  readonly #thread: ThreadPool<EngineJob, readonly EnginePrediction[], EngineModel>;

  constructor(named: NamedModel, options: SessionOptions) {
    this.#thread = new ThreadPool({
      script: new URL("./engine-worker.js", import.meta.url),
      threads: 1,
      data: undefined,
    });
    this.#thread.tell({ model: sentModel(named), options });
  }

  /** Open the model. Throws XrayError `runtime/…`. */
  async start(): Promise<void> {
    await this.#thread.ask({ kind: "start" });
  }

  /**
   * Predict images together. Their inputs are moved to the thread and are empty afterwards.
   *
   * @throws  XrayError `runtime/…`, `heatmaps/no-card`, `thread/ended`.
   */
  predict(images: readonly EngineImage[], maps: MapChoice | undefined): Promise<readonly EnginePrediction[]> {
    const inputs = images.map(({ image }) => image.input.buffer as ArrayBuffer);
    return this.#thread.ask({ kind: "predict", images, maps }, undefined, inputs);
  }

  close(): Promise<void> {
    return this.#thread.close();
  }
}
