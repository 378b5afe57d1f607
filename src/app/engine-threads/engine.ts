/**
 * The network on threads of its own, as the main thread sees them.
 *
 * Pipeline:   prepared images → **batches on a thread → predictions**
 * Knows:      how the threads are started and asked. What they do is in `engine-worker.ts`.
 */

import type { NamedModel } from "../../engine/read-model.ts";
import { sentModel } from "../../engine/sent-model.ts";
import type { SessionOptions } from "../../graph/session.ts";
import type { MapChoice } from "../../models/map-choice.ts";
import { ThreadPool } from "../../node/thread-pool.ts";
import type { EngineImage, EngineJob, EngineModel, EnginePrediction } from "./engine-jobs.ts";

/** Runs a model on threads of its own, each of which has a session. */
export class Engine {
  readonly #threads: ThreadPool<EngineJob, readonly EnginePrediction[], EngineModel>;
  readonly #sessions: number;

  /**
   * @param options   Of each session.
   * @param sessions  How many batches are predicted at once.
   */
  constructor(named: NamedModel, options: SessionOptions, sessions = 1) {
    this.#sessions = sessions;
    this.#threads = new ThreadPool({
      script: new URL("./engine-worker.js", import.meta.url),
      threads: sessions,
      data: undefined,
    });
    this.#threads.tell({ model: sentModel(named), options });
  }

  /** Open the model. Throws XrayError `runtime/…`, `heatmaps/no-card`. */
  async start(maps?: MapChoice): Promise<void> {
    // Each goes to the thread that has the fewest jobs.
    const starts = Array.from({ length: this.#sessions }, () => this.#threads.ask({ kind: "start", maps }));
    await Promise.all(starts);
  }

  /**
   * Predict images together. Their inputs are moved to the thread and are empty afterwards.
   *
   * @throws  XrayError `runtime/…`, `heatmaps/no-card`, `thread/ended`.
   */
  predict(images: readonly EngineImage[], maps: MapChoice | undefined): Promise<readonly EnginePrediction[]> {
    const inputs = images.map(({ image }) => image.input.buffer as ArrayBuffer);
    return this.#threads.ask({ kind: "predict", images, maps }, undefined, inputs);
  }

  close(): Promise<void> {
    return this.#threads.close();
  }
}
