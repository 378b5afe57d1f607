/**
 * A loaded model in the worker with the engine, and the answers to calls about it.
 *
 * Pipeline:   source → bytes → model → **session and decoder → predictions, maps, pictures**
 * Knows:      the engine, and the adapters of this folder to its ports. Not messages.
 */

import { MAX_MODEL_BYTES } from "../engine/limits.ts";
import { type ExplainOptions, libraryModel, type Model, type PredictOptions } from "../engine/model.ts";
import { readModel, weightsOf } from "../engine/read-model.ts";
import { RunningModel } from "../engine/running-model.ts";
import { inFile } from "../errors.ts";
import { type OverlayOptions, overlayOf } from "../report/overlay/overlay-of.ts";
import { type NamedSource, readSource } from "./bytes.ts";
import type { ModelFacts, ModelOptions } from "./calls.ts";
import { openImageDecoder } from "./image-decoder.ts";
import { placesIn } from "./places.ts";
import { BrowserPreparer } from "./preparer.ts";
import { openRuntime, type Runtime } from "./session.ts";

const lastPart = (name: string): string =>
  name
    .replace(/[?#].*$/, "")
    .split("/")
    .at(-1) || name;

/** Answers the calls of a worker. */
export class EngineModel {
  readonly #model: Model;
  readonly #running: RunningModel;
  readonly #preparer: BrowserPreparer;
  readonly #runtime: Runtime;

  private constructor(running: RunningModel, preparer: BrowserPreparer, runtime: Runtime) {
    this.#model = libraryModel(running);
    this.#running = running;
    this.#preparer = preparer;
    this.#runtime = runtime;
  }

  /**
   * Load a model. Everything that it needs is fetched concurrently.
   *
   * @param files  The folder of the WebAssembly files; beside the bundle by default.
   * @throws       XrayError `file/…`, `checkpoint/…`, `card/…`, `preparation/…`, `runtime/…`.
   */
  static async load(
    source: NamedSource,
    { device, threads, bits, card, ...reading }: ModelOptions,
    files: string | undefined,
  ): Promise<EngineModel> {
    const places = placesIn(files);
    const preparer = new BrowserPreparer(openImageDecoder(places));
    const wanted = {
      ...(device === undefined ? {} : { device }),
      ...(threads === undefined ? {} : { threads }),
    };
    const [bytes, runtime] = await Promise.all([
      readSource(source, MAX_MODEL_BYTES),
      openRuntime(wanted, places),
    ]);
    const file = source.name ?? "model";
    try {
      const named = { name: lastPart(file), bytes, ...(card === undefined ? {} : { card }) };
      const model = weightsOf(await readModel(named, reading), bits);
      const { createSession } = runtime;
      return new EngineModel(await RunningModel.start(model, { createSession, preparer }), preparer, runtime);
    } catch (error) {
      throw inFile(file, error);
    }
  }

  facts(): ModelFacts {
    const { kind, name, card, notes } = this.#model;
    const { device, threads } = this.#runtime;
    return { kind, name, card, notes, device, threads };
  }

  release = () => this.#model.release();

  sha256 = () => this.#model.sha256();

  predict = (images: readonly NamedSource[], options: PredictOptions) =>
    this.#preparer.withSources(images, (sources) => this.#model.predict(sources, options));

  explain = (image: NamedSource, options: ExplainOptions) =>
    this.#preparer.withSources([image], ([source]) => this.#model.explain(source!, options));

  overlay = (image: NamedSource, options: OverlayOptions) =>
    this.#preparer.withSources([image], ([source]) =>
      overlayOf(this.#running, source!, options, (...drawing) => this.#preparer.draw(...drawing)),
    );
}
