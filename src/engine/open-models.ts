/**
 * One model, opened for several kinds of heatmaps: each when it is first asked for, a bounded number at a time.
 *
 * Pipeline:   model → **sessions, the least recently used given back** → predictions
 * Knows:      open models. Not images.
 *
 * A session holds a copy of the weights, 28 MB and more; the weights that sessions are made of are read once.
 */

import type { SessionFactory, SessionOptions } from "../graph/session.ts";
import { type MapChoice, type OpenModel, openModel } from "./open-model.ts";
import type { NamedModel } from "./read-model.ts";

/** More are not kept: the three that were used last. */
const MOST = 3;

/** Opens a model as it is wanted. To be asked by one caller at a time: what is open may be released by the next call. */
export class OpenModels {
  readonly #model: NamedModel;
  readonly #createSession: SessionFactory;
  readonly #options: SessionOptions;
  /** By kind of heatmaps, the most recently used last. */
  readonly #open = new Map<string, OpenModel>();

  constructor(model: NamedModel, createSession: SessionFactory, options: SessionOptions) {
    this.#model = model;
    this.#createSession = createSession;
    this.#options = options;
  }

  /** How many are open. */
  get size(): number {
    return this.#open.size;
  }

  /** @throws  XrayError `runtime/…`. */
  async get(maps?: MapChoice): Promise<OpenModel> {
    const key = maps === undefined ? "" : `${maps.method} ${maps.layer ?? "norm5"}`;
    const found = this.#open.get(key);
    if (found !== undefined) {
      this.#open.delete(key);
      this.#open.set(key, found);
      return found;
    }
    // Room is made first: memory is at its highest while a session starts.
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
