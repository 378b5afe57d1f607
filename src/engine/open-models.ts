/**
 * One model, opened for several kinds of heatmaps: each on first use, and only a limited number at a time.
 *
 * Pipeline:   model → **sessions, releasing the least recently used** → predictions
 * Knows:      open models. Not images.
 *
 * A session holds a copy of the weights, 28 MB or more. The weights that sessions are made from are read only once.
 */

import type { SessionFactory, SessionOptions } from "../graph/session.ts";
import type { MapChoice } from "../models/map-choice.ts";
import { type OpenModel, openModel } from "./open-model.ts";
import type { NamedModel } from "./read-model.ts";

/** Number of sessions to keep. */
const MOST = 3;

/** Opens a model on request. Only one caller may use it at a time, since the next call may release what is open. */
export class OpenModels {
  readonly #model: NamedModel;
  readonly #createSession: SessionFactory;
  readonly #options: SessionOptions;
  /** By kind of heatmaps, with the most recently used last. */
  readonly #open = new Map<string, OpenModel>();

  constructor(model: NamedModel, createSession: SessionFactory, options: SessionOptions) {
    this.#model = model;
    this.#createSession = createSession;
    this.#options = options;
  }

  /** Number of open sessions. */
  get size(): number {
    return this.#open.size;
  }

  /** @throws  XrayError `runtime/…`. */
  async get(maps?: MapChoice): Promise<OpenModel> {
    const key = JSON.stringify(maps ?? "");
    const found = this.#open.get(key);
    if (found !== undefined) {
      this.#open.delete(key);
      this.#open.set(key, found);
      return found;
    }
    // Make room first, since memory peaks while a session starts.
    const [oldest] = this.#open;
    if (oldest !== undefined && this.#open.size >= MOST) await this.#close(...oldest);
    const opened = await openModel(this.#model, this.#createSession, { ...this.#options, maps });
    this.#open.set(key, opened);
    return opened;
  }

  async #close(key: string, model: OpenModel): Promise<void> {
    this.#open.delete(key);
    await model.release();
  }

  async release(): Promise<void> {
    for (const [key, model] of [...this.#open]) await this.#close(key, model);
  }
}
